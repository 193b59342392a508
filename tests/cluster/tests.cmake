# SPDX-License-Identifier: GPL-2.0-only
# Searches on several machines, over ssh and by Slurm, which are started here: ctest -C long -L cluster.

if(URINGSIM_COVERAGE OR URINGSIM_SANITIZE)
	return()
endif()
foreach(name parallel slurm)
	add_test(NAME cluster_${name}_test CONFIGURATIONS long
		COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/tests/cluster/${name}_test.sh)
	uringsim_test_properties(cluster_${name}_test cluster)
	set_tests_properties(cluster_${name}_test PROPERTIES TIMEOUT 900)
endforeach()
# it waits most of its time: beside the others
set_tests_properties(cluster_slurm_test PROPERTIES COST 20)
