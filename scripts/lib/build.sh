# Sourced by the launchers: builds what is not built, quietly.

# Builds the jar in the checkout $1 where it is missing or older than a source.
espalier_build() {
  local home=$1 jar=$1/driver/target/espalier.jar log=$1/.espalier/build.log
  espalier_is_built "$home" && return 0
  mkdir -p "$home/.espalier"
  if command -v flock >/dev/null 2>&1; then # two launchers at once: one builds, the other waits
    exec 9>"$home/.espalier/build.lock"
    flock 9
    if espalier_is_built "$home"; then exec 9>&-; return 0; fi
  fi
  local start=$SECONDS pid status=0
  (cd "$home" && exec ./mvnw -B -ntp -DskipTests -Dspotless.check.skip=true package) >"$log" 2>&1 9>&- &
  pid=$!
  trap 'kill $pid 2>/dev/null; exit 130' INT TERM
  if [ -t 2 ]; then
    while kill -0 $pid 2>/dev/null; do
      printf '\respalier: building, %d s; the first time takes some minutes and downloads libraries from Maven Central ' \
        $((SECONDS - start)) >&2
      sleep 1
    done
    printf '\r%100s\r' '' >&2
  else
    echo "espalier: building; the first time takes some minutes and downloads libraries from Maven Central" >&2
  fi
  wait $pid || status=$?
  trap - INT TERM
  if [ $status -ne 0 ]; then
    echo "espalier: the build failed; the end of $log:" >&2
    grep -E '^\[ERROR\]|^Error|rror:' "$log" | head -n 15 >&2 || true
    exit 1
  fi
  touch "$jar"
  echo "espalier: built in $((SECONDS - start)) s" >&2
  if command -v flock >/dev/null 2>&1; then exec 9>&-; fi
}

espalier_is_built() {
  [ -f "$1/driver/target/espalier.jar" ] && [ -d "$1/driver/target/spark/jars" ] && [ -z "$(
    find "$1"/pom.xml "$1"/*/pom.xml "$1"/*/src/main -newer "$1/driver/target/espalier.jar" -type f -print 2>/dev/null | head -n 1)" ]
}
