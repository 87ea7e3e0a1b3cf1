#!/usr/bin/env bash
# Apache Kafka (KRaft, one process) on 127.0.0.1 for the tests.
#
#   kafka.sh fetch CACHE            the broker's jars from Maven into CACHE/kafka-4.4.0, unless they are there
#   kafka.sh run CACHE WORK PORT CONTROLLER_PORT
#                                   the broker in the foreground, its data and log settings in WORK;
#                                   started again with the same WORK it keeps its topics
#
# `run` becomes the Java process itself, so its process id is the broker's, and it ends with its parent.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
jars=$2/kafka-4.4.0

fetch() {
    mkdir -p "$2"
    exec 9>"$2/kafka.lock"
    flock -w 300 9
    # The marker is written last, so a download that was cut short is done again.
    if [ -e "$jars/complete" ]; then return; fi
    rm -rf "$jars"
    # Strict checksums (-C); Maven prints escape codes on stdout even when quiet.
    mvn -q -B -C -Dstyle.color=never -f "$here/kafka-pom.xml" dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$jars" >&2
    : >"$jars/complete"
}

run() {
    local work=$3 port=$4 controller=$5
    local java=(java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx256m "-Dlog4j2.configurationFile=$here/kafka-log4j2.properties" -cp "$jars/*")
    mkdir -p "$work/data"
    cat >"$work/server.properties" <<PROPERTIES
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$controller
listeners=PLAINTEXT://127.0.0.1:$port,CONTROLLER://127.0.0.1:$controller
advertised.listeners=PLAINTEXT://127.0.0.1:$port
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=$work/data
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
log.cleaner.dedupe.buffer.size=2097152
PROPERTIES
    "${java[@]}" kafka.tools.StorageTool format --ignore-formatted -t MkU3OEVBNTcwNTJENDM2Qk -c "$work/server.properties"
    exec setpriv --pdeathsig TERM "${java[@]}" kafka.Kafka "$work/server.properties"
}

"$1" "$@"
