# Sourced by the launchers: builds what is not built, quietly.

# Builds the checkout $1 where it is not built or a source is newer. $2 says what is wanted: "classes", or
# "jar" for all of it in one file too.
espalier_build() {
  local home=$1 what=$2
  local log=$home/.espalier/build.log skip_jar=false
  [ "$what" = jar ] || skip_jar=true
  espalier_is_built "$home" "$what" && return 0
  if ! mkdir -p "$home/.espalier" 2>/dev/null || ! [ -w "$home/.espalier" ]; then
    echo "espalier: must be built first, but $home cannot be written." >&2
    exit 2
  fi
  if command -v flock >/dev/null 2>&1; then # two launchers at once: one builds, the other waits
    exec 9>"$home/.espalier/build.lock"
    if ! flock -n 9; then
      echo "espalier: waiting for a build by another launcher" >&2
      flock 9
    fi
    if espalier_is_built "$home" "$what"; then exec 9>&-; return 0; fi
  fi

  local start=$SECONDS pid status=0
  touch "$home/.espalier/started" # what is changed from here on is newer than the build
  espalier_run_maven "$home" "$skip_jar" >"$log" 2>&1 9>&- </dev/null &
  pid=$!
  trap "kill $pid 2>/dev/null || true; wait $pid 2>/dev/null || true; echo >&2; echo 'espalier: the build was stopped; the next start builds again' >&2; exit 130" INT TERM
  if [ -t 2 ]; then
    while kill -0 $pid 2>/dev/null; do
      printf '\respalier: building, %d s (the first time takes minutes) ' $((SECONDS - start)) >&2
      sleep 1
    done
    printf '\r\033[K' >&2
  else
    echo "espalier: building; the first time takes some minutes and downloads from Maven Central" >&2
  fi
  wait $pid || status=$?
  trap - INT TERM
  if [ $status -ne 0 ]; then
    echo "espalier: the build failed; all of it is in $log" >&2
    grep -E '^\[ERROR\] |rror: |annot |curl: ' "$log" | grep -vE 'Re-run Maven|-> \[Help|full stack trace|\[Help [0-9]' \
      | head -n 5 | cut -c 1-400 >&2 || true
    if grep -qE 'Could not transfer|UnknownHost|Connection refused|timed out|Failed to fetch' "$log"; then
      echo "espalier: Maven Central could not be reached; behind a proxy, set it in ~/.m2/settings.xml" >&2
    fi
    exit 1
  fi
  mv "$home/.espalier/started" "$home/.espalier/built"
  echo "espalier: built in $((SECONDS - start)) s" >&2
  if command -v flock >/dev/null 2>&1; then exec 9>&-; fi
}

espalier_run_maven() {
  cd "$1"
  # A short run: the compiler's optimising stage would not pay.
  export MAVEN_OPTS="-XX:TieredStopAtLevel=1 -XX:+UseSerialGC ${MAVEN_OPTS:-}"
  exec ./mvnw -B -ntp -Dmaven.test.skip=true -Dspotless.check.skip=true -Despalier.jar.skip="$2" package
}

# Whether nothing has to be built. A module is up to date where none of its sources, and no folder of them,
# is newer than the last build by a launcher, or than the list that Maven writes when it compiles.
espalier_is_built() {
  local home=$1 what=$2 module compiled
  [ -d "$home/driver/target/lib" ] && [ -d "$home/driver/target/spark/jars" ] || return 1
  # libraries are copied when Maven packs, not when it compiles
  espalier_none_newer "$home/.espalier/built" "$home/pom.xml" "$home"/*/pom.xml \
    || espalier_none_newer "$(echo "$home"/driver/target/espalier-driver-*.jar)" "$home/pom.xml" "$home"/*/pom.xml \
    || return 1
  for module in driver executors experiments results-schema; do
    compiled=$home/$module/target/maven-status/maven-compiler-plugin/compile/default-compile/inputFiles.lst
    [ -d "$home/$module/target/classes" ] || return 1
    espalier_unchanged_since "$home" "$module" "$home/.espalier/built" \
      || espalier_unchanged_since "$home" "$module" "$compiled" || return 1
    if [ "$what" = jar ]; then
      espalier_none_newer "$home/driver/target/espalier.jar" "$home/$module/target/classes" "$home/driver/pom.xml" || return 1
    fi
  done
}

espalier_unchanged_since() {
  espalier_none_newer "$3" "$1/pom.xml" "$1/$2/pom.xml" "$1/$2/src/main"
}

# Whether $1 is there and nothing in the other arguments is newer.
espalier_none_newer() {
  local than=$1
  shift
  [ -f "$than" ] && [ -z "$(find "$@" -newer "$than" -print 2>/dev/null | head -n 1)" ]
}
