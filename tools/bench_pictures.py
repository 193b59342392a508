# SPDX-License-Identifier: GPL-2.0-only
"""bench_pictures.py ROWS FOLDER: rows of "uringsim bench memory pools --json" as data and
programs of gnuplot, for tools/bench-pictures."""

import collections
import json
import pathlib
import sys

MIB = 1 << 20
LOAD = "75 %"
SIZES = ("fixed", "mixed", "metadata")
VARIANTS = ("ring", "inc", "classes even", "classes fitted", "bytes")
POOLS = ("ring", "inc", "classes doubled")

HEAD = """set terminal svg size 1080,440 dynamic font "sans,11" background "#ffffff"
set output "{name}.svg"
set multiplot layout 1,3
set key {key} samplen 1.5
set grid lc rgb "#dddddd"
set border 3
set tics nomirror
"""


def block(name, points):
    """data of one line, with those that have no figure left out"""
    return "\n".join([f"${name} << END", *(f"{x:.4f} {y:.4f}" for x, y in points), "END", ""])


def lines(prefix, names, data):
    """the data blocks, and gnuplot's command that draws them"""
    blocks, parts = [], []
    for i, name in enumerate(names):
        if not data.get(name):
            continue
        blocks.append(block(f"{prefix}{i}", sorted(data[name])))
        parts.append(f'${prefix}{i} with linespoints lc {i + 1} lw 2 pt {5 + i} ps 0.5 title "{name}"')
    return "".join(blocks), "plot " + ", \\\n\t".join(parts) + "\n"


def picture(folder, name, key, panels):
    """@panels: of each, its title, gnuplot's settings, data blocks and plot command"""
    text = HEAD.format(name=name, key=key)
    for title, settings, (blocks, plot) in panels:
        text += f'{blocks}set title "{title}"\n{settings}{plot}'
    (folder / f"picture-{name}.gp").write_text(text, encoding="utf-8")


def waiting(rows, sizes, point):
    """by variant, the points of amounts that keep up"""
    data = collections.defaultdict(list)
    for r in rows:
        if r.get("what") == "waiting" and (r["sizes"], r["load"]) == (sizes, LOAD) and not r["overloaded"]:
            data[r["payload"]].append(point(r))
    return data


def memory_pictures(rows, folder):
    mean = lambda r: (r["pinned_bytes"] / MIB, max(r["wait_mean_ns"] / 1e3, 0.1))
    share = lambda r: (r["pinned_bytes"] / MIB, 100 * r["waited"] / r["requests"])
    axes = 'set xlabel "pinned, MiB"\nset xrange [0:17]\nset xtics 4\n'
    for name, point, label, scale in (
            ("bufring-waiting", mean, "mean waiting, us", "set logscale y\nset yrange [1:3000]\n"),
            ("bufring-waited", share, "requests that wait, %", "set yrange [0:100]\n")):
        picture(folder, name, "below maxrows 2", [
            (f"{sizes}, 16 entries, load {LOAD}", f'{axes}set ylabel "{label}"\n{scale}',
             lines(f"d{i}_", VARIANTS, waiting(rows, sizes, point))) for i, sizes in enumerate(SIZES)])


def pools_picture(rows, folder):
    axes = ('set xlabel "pool, MiB"\nset ylabel "GiB/s"\nset logscale x 2\nset xrange [24:700]\n'
            'set xtics (32, 128, 512)\nset yrange [0:24]\n')
    panels = []
    for i, sizes in enumerate(SIZES):
        data = collections.defaultdict(list)
        for r in rows:
            if r.get("bench") == "pools" and r["in_flight"] > 1 and r["sizes"] == sizes:
                for policy in "fifo", "lifo":
                    data[f"{r['payload']}, {policy}"].append((r["pool_bytes"] / MIB, r[f"{policy}_gib_per_s"]))
        names = [f"{payload}, {policy}" for payload in POOLS for policy in ("fifo", "lifo")]
        panels.append((sizes, axes, lines(f"d{i}_", names, data)))
    picture(folder, "bufring-pools", "below maxrows 3", panels)


# which words and numbers a row that is drawn has to have
NUMBER = (int, float)
WAITING = {"sizes": str, "load": str, "payload": str, "overloaded": bool}
KEPT_UP = {"pinned_bytes": NUMBER, "wait_mean_ns": NUMBER, "waited": NUMBER, "requests": NUMBER}
OF_POOLS = {"sizes": str, "payload": str, "in_flight": NUMBER, "pool_bytes": NUMBER,
            "fifo_gib_per_s": NUMBER, "lifo_gib_per_s": NUMBER}


def check_keys(nr, row, keys):
    for key, kind in keys.items():
        if key not in row:
            raise ValueError(f'row {nr} has no "{key}"')
        if not isinstance(row[key], kind) or (kind is NUMBER and isinstance(row[key], bool)):
            raise ValueError(f'row {nr}: "{key}" cannot be {json.dumps(row[key])[:40]}')


def check_row(nr, row):
    if not isinstance(row, dict):
        raise ValueError(f"row {nr} is no object")
    if row.get("what") == "waiting":
        check_keys(nr, row, WAITING)
        if not row["overloaded"]:
            check_keys(nr, row, KEPT_UP)
            if row["requests"] <= 0:
                raise ValueError(f'row {nr}: "requests" cannot be {row["requests"]}')
    elif row.get("bench") == "pools":
        check_keys(nr, row, OF_POOLS)


def check(rows):
    """ValueError says what there is to draw that cannot be"""
    if not isinstance(rows, list):
        raise ValueError("no list of rows")
    for nr, row in enumerate(rows, 1):
        check_row(nr, row)
    for sizes in SIZES:
        if not waiting(rows, sizes, lambda r: (0, 0)):
            raise ValueError(f'no rows of benchmark memory, "waiting", sizes {sizes}, load {LOAD}')
        if not any(r.get("bench") == "pools" and r["sizes"] == sizes and r["in_flight"] > 1 for r in rows):
            raise ValueError(f"no rows of benchmark pools, sizes {sizes}")


def main():
    folder = pathlib.Path(sys.argv[2])
    try:
        rows = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
        check(rows)
    except OSError as e:
        sys.exit(f"bench-pictures: cannot read {sys.argv[1]}: {e.strerror}")
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as e:
        sys.exit(f"bench-pictures: {sys.argv[1]} is no JSON: {e}")
    except ValueError as e:
        sys.exit(f"bench-pictures: {sys.argv[1]}: {e}")
    memory_pictures(rows, folder)
    pools_picture(rows, folder)


main()
