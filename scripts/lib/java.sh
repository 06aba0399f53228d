# Sourced by the launchers: finds a JDK that fits, and names what its JVM needs.

# Spark 3.5 wants Java 17; from 24 on the JDK lacks the security calls that Hadoop makes.
espalier_oldest_java=17
espalier_newest_java=23

# Prints the feature version of the JDK in folder $1, or nothing where there is no JDK.
espalier_java_version() {
  [ -n "$1" ] && [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 0
  local version
  version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\)\(\.\([0-9]*\)\)\{0,1\}.*/\1 \3/p' "$1/release" 2>/dev/null || true)
  if [ -z "$version" ]; then
    version=$("$1/bin/java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\)\(\.\([0-9]*\)\)\{0,1\}.*/\1 \3/p' || true)
  fi
  set -- $version
  if [ "${1:-}" = 1 ]; then echo "${2:-}"; else echo "${1:-}"; fi
}

# Whether feature version $1 will do.
espalier_java_fits() {
  [ -n "$1" ] && [ "$1" -ge $espalier_oldest_java ] && [ "$1" -le $espalier_newest_java ]
}

# Sets JAVA_HOME to a fitting JDK: the one it names, the one on the PATH, or one in a usual place, there a JDK
# 17 before others. ESPALIER_JDK_PLACES, folders of JDKs with colons between, takes the place of the usual ones.
espalier_find_java() {
  local named=${JAVA_HOME:-} other="" unfit="" place candidate version on_path
  version=$(espalier_java_version "$named")
  espalier_java_fits "$version" && { export JAVA_HOME; return 0; }
  if [ -n "$version" ]; then
    unfit="JDK $version in $named"
  elif [ -n "$named" ]; then
    unfit="no JDK in $named, which JAVA_HOME names"
  fi
  local why=$unfit
  on_path=$(command -v javac 2>/dev/null || true)
  if [ -n "$on_path" ]; then
    on_path=$(readlink -f "$on_path" 2>/dev/null || echo "$on_path")
    on_path=${on_path%/bin/javac}
  fi
  local places=${ESPALIER_JDK_PLACES:-/usr/lib/jvm:/usr/java:/opt/java:/opt:${HOME:-}/.sdkman/candidates/java:${HOME:-}/.jdks:/Library/Java/JavaVirtualMachines:/opt/homebrew/opt:/usr/local/opt}
  local IFS=:
  set -- $places
  IFS=$' \t\n'
  for candidate in "$on_path" $(espalier_each_jdk "$@"); do
    candidate=${candidate//$'\001'/ }
    version=$(espalier_java_version "$candidate")
    if [ -z "$version" ]; then
      continue
    elif [ "$version" = $espalier_oldest_java ]; then
      espalier_take_java "$candidate" "$version" "$why"
      return 0
    elif ! espalier_java_fits "$version"; then
      unfit=${unfit:-JDK $version in $candidate}
    elif [ -z "$other" ]; then
      other=$candidate
    fi
  done
  if [ -n "$other" ]; then
    espalier_take_java "$other" "$(espalier_java_version "$other")" "$why"
    return 0
  fi
  echo "espalier: found ${unfit:-no JDK}, but Espalier needs JDK $espalier_oldest_java to $espalier_newest_java (Spark 3.5 wants 17; 24 and later lack what Hadoop calls): install JDK 17, for example with 'apt-get install openjdk-17-jdk-headless' or from adoptium.net, and set JAVA_HOME to it." >&2
  exit 2
}

# Folders below $@ that may be JDKs, a word each; a space in them is printed as the character 1.
espalier_each_jdk() {
  local place folder
  for place in "$@"; do
    for folder in "$place"/* "$place"/*/Contents/Home; do
      [ -x "$folder/bin/javac" ] && echo "${folder// /$'\001'}"
    done
  done
  return 0
}

espalier_take_java() {
  export JAVA_HOME=$1
  [ -z "$3" ] || echo "espalier: taking JDK $2 in $1; found $3" >&2
}

# For every JVM of ours. That one which computes is started with "compute": it takes the module whose warning
# the JVM prints before anything of ours runs; others say to `plan` that it will.
espalier_jvm_options() {
  local package
  for package in java.lang java.lang.invoke java.nio java.util sun.nio.ch; do
    printf -- '--add-opens=java.base/%s=ALL-UNNAMED ' "$package"
  done
  if [ "${1:-compute}" = compute ]; then
    printf -- '%s ' --add-modules=jdk.incubator.vector
  else
    printf -- '%s ' -Despalier.vector.promised=true
  fi
  printf -- '%s ' -Dorg.bytedeco.javacpp.maxphysicalbytes=0 -Dlog4j2.configurationFile=espalier-log4j2.properties \
    -Djava.awt.headless=true
}

# What makes the vector engine faster without changing a bit: arrays that start at a cache line, and no second
# check of bounds that its loops have checked.
espalier_vector_options() {
  printf -- '%s ' -XX:ObjectAlignmentInBytes=64 -Djdk.incubator.vector.VECTOR_ACCESS_OOB_CHECK=0
}

# What is built in the checkout $1.
espalier_class_path() {
  local module
  for module in driver executors experiments results-schema; do
    printf '%s/%s/target/classes:' "$1" "$module"
  done
  printf '%s/driver/target/lib/*:%s/driver/target/spark/jars/*' "$1" "$1"
}

# One native thread for each Spark slot: slots are the parallelism, native threads would fight them. And one
# set of OpenBLAS kernels on all x86-64 machines: kernels differ in their bits, and are part of a cell's name.
# ESPALIER_COLUMNS is the width of the terminal where messages go, ESPALIER_OUT_COLUMNS of the one where results
# are printed; 0 where they go elsewhere.
espalier_environment() {
  export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1
  case $(uname -m) in
    x86_64 | amd64) export OPENBLAS_CORETYPE=${OPENBLAS_CORETYPE:-Haswell} ;;
  esac
  # In an ASCII locale a JVM can neither read nor write a file name beyond ASCII.
  if [ "$(locale charmap 2>/dev/null || true)" = ANSI_X3.4-1968 ]; then
    if locale -a 2>/dev/null | grep -qi '^c\.utf-\{0,1\}8$'; then
      export LC_ALL=C.UTF-8
    else
      case $home in
        *[!\ -~]*)
          echo "espalier: $home has a name beyond ASCII, which no JVM can open in this locale; set LC_ALL to one with UTF-8, such as C.UTF-8" >&2
          exit 2
          ;;
      esac
    fi
  fi
  ESPALIER_COLUMNS=0 ESPALIER_OUT_COLUMNS=0
  if [ -t 2 ]; then ESPALIER_COLUMNS=$(stty size 0<&2 2>/dev/null | espalier_columns); fi
  if [ -t 1 ]; then
    exec 3>&1 # what follows in $() has a standard output of its own
    ESPALIER_OUT_COLUMNS=$(stty size 0<&3 2>/dev/null | espalier_columns)
    exec 3>&-
  fi
  export ESPALIER_COLUMNS ESPALIER_OUT_COLUMNS
}

# The columns of what `stty size` prints; 80 where it prints nothing, or a terminal without a size.
espalier_columns() {
  local rows=0 columns=0
  read -r rows columns || true
  if [ "${columns:-0}" = 0 ]; then echo 80; else echo "$columns"; fi
}
