# Sourced by the launchers: finds a JDK that fits, and names the options that its JVM needs.

# Spark 3.5 wants Java 17; from 24 on the JDK lacks the security calls that Hadoop makes.
espalier_oldest_java=17
espalier_newest_java=23

# Prints the feature version of the JDK in folder $1, or nothing where there is no JDK.
espalier_java_version() {
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 0
  local version
  version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\)\(\.\([0-9]*\)\)\{0,1\}.*/\1 \3/p' "$1/release" 2>/dev/null)
  if [ -z "$version" ]; then
    version=$("$1/bin/java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\)\(\.\([0-9]*\)\)\{0,1\}.*/\1 \3/p')
  fi
  set -- $version
  if [ "${1:-}" = 1 ]; then echo "${2:-}"; else echo "${1:-}"; fi
}

espalier_java_fits() {
  local version
  version=$(espalier_java_version "$1")
  [ -n "$version" ] && [ "$version" -ge $espalier_oldest_java ] && [ "$version" -le $espalier_newest_java ]
}

# Sets JAVA_HOME to a fitting JDK: the one it names, the one on the PATH, or one in a usual place.
espalier_find_java() {
  local found="" candidate on_path
  on_path=$(command -v javac 2>/dev/null || true)
  if [ -n "$on_path" ]; then
    on_path=$(readlink -f "$on_path" 2>/dev/null || echo "$on_path")
    on_path=${on_path%/bin/javac}
  fi
  for candidate in "${JAVA_HOME:-}" "$on_path" ${ESPALIER_JDK_PLACES:-/usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* \
      "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home \
      /opt/homebrew/opt/openjdk@17 /usr/local/opt/openjdk@17}; do
    [ -n "$candidate" ] || continue
    if espalier_java_fits "$candidate"; then
      export JAVA_HOME=$candidate
      return 0
    fi
    [ -n "$found" ] || found=$(espalier_java_version "$candidate")
  done
  local need="install a JDK 17, for example 'apt-get install openjdk-17-jdk-headless' or from adoptium.net, and set JAVA_HOME to it"
  if [ -n "$found" ]; then
    echo "espalier: found only JDK $found, but Espalier needs JDK $espalier_oldest_java to $espalier_newest_java (Spark 3.5 supports 17; 24 and later lack what Hadoop calls): $need." >&2
  else
    echo "espalier: found no JDK: $need." >&2
  fi
  exit 2
}

espalier_jvm_options() {
  local package
  for package in java.lang java.lang.invoke java.nio java.util sun.nio.ch; do
    printf -- '--add-opens=java.base/%s=ALL-UNNAMED ' "$package"
  done
  printf -- '%s ' --add-modules=jdk.incubator.vector -Dorg.bytedeco.javacpp.maxphysicalbytes=0 -Dlog4j2.configurationFile=espalier-log4j2.properties \
    -Djava.awt.headless=true -XX:+UseParallelGC -XX:-UsePerfData
}

# One native thread for each Spark slot: slots are the parallelism, native threads would fight them. And one
# set of OpenBLAS kernels on all x86-64 machines: kernels differ in their bits, and are part of a cell's name.
espalier_native_environment() {
  export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1
  case $(uname -m) in
    x86_64 | amd64) export OPENBLAS_CORETYPE=${OPENBLAS_CORETYPE:-Haswell} ;;
  esac
}
