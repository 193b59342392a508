/* SPDX-License-Identifier: GPL-2.0-only */
/* Adds a search in the text of the steps. The page is XML: no < and no & in here. */

(function () {
	var box = document.createElement('input');
	var rows = document.querySelectorAll('#steps tbody tr');

	function matches(row, text) {
		return row.textContent.toLowerCase().indexOf(text) !== -1;
	}

	box.id = 'find';
	box.placeholder = 'search the steps';
	box.type = 'search';
	box.addEventListener('input', function () {
		var text = box.value.toLowerCase();

		rows.forEach(function (row) {
			row.hidden = text !== '' ? !matches(row, text) : false;
		});
	});
	document.getElementById('tools').appendChild(box);
})();
