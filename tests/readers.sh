#!/usr/bin/env bash
# Whether the report folder is read by the default call of pandas, pyarrow, DuckDB, polars and Spark, and by all of them alike.
#
#   readers.sh CACHE SISAN WORK    the readers into CACHE, unless they are there; then a demo by the program SISAN in a folder
#                                  of WORK, whose reports tests/readers.py reads
#
# Spark wants a Java of 17 or later. Exit code: 0 all read the same, else something differs.
set -euo pipefail
cd "$(dirname "$0")/.."

# Pinned, what they depend on too; without hashes, which would bind them to one Python and one kind of processor.
packages='duckdb==2.0.1
numpy==2.4.6
pandas==3.1.1
polars==2.1.0
polars-runtime-32==2.1.0
py4j==0.10.9.9
pyarrow==26.0.1
pyspark==4.3.0
python-dateutil==4.0.0
tzdata==2026.6'
# Other versions are another folder, and so are other Pythons.
python=$(/usr/bin/python3 --version)
readers=$1/readers-$(sha256sum <<<"$python $packages" | cut -c 1-12)

install() {
    mkdir -p "$1"
    exec 9>"$1/readers.lock"
    flock -w 900 9
    # The marker is written last, so an installation that was cut short is done again.
    if [ -e "$readers/complete" ]; then return; fi
    rm -rf "$readers"
    /usr/bin/python3 -m pip install --quiet --disable-pip-version-check --root-user-action ignore --no-deps --use-pep517 \
        --target "$readers" --requirement <(echo "$packages")
    : >"$readers/complete"
}

install "$1"
work=$(mktemp -d "$3/readers.XXXXXX")
trap 'rm -rf "$work"' EXIT
# Its days are restated now and then, so that some have several versions.
"$2" demo --exit --groups 20 --dir "$work/demo" >"$work/demo.out" 2>&1 || { cat "$work/demo.out" && exit 1; }
PYTHONPATH=$readers SPARK_LOCAL_DIRS=$work SPARK_LOCAL_IP=127.0.0.1 /usr/bin/python3 tests/readers.py "$work/demo/reports"
