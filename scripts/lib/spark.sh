# Sourced by the launchers that use a cluster.

espalier_spark_line=3.5
espalier_scala_line=2.12

# Ends with a sentence where SPARK_HOME is not a Spark that fits.
espalier_check_spark() {
  local need="Espalier needs Spark $espalier_spark_line for Scala $espalier_scala_line" jar version
  if [ -z "${SPARK_HOME:-}" ]; then
    echo "espalier: SPARK_HOME is not set: $need; unpack it from spark.apache.org and set SPARK_HOME to the folder." >&2
    exit 2
  fi
  jar=$(find "$SPARK_HOME/jars" -maxdepth 1 -name 'spark-core_*.jar' -print 2>/dev/null | head -n 1 || true)
  if [ -z "$jar" ]; then
    echo "espalier: SPARK_HOME is $SPARK_HOME, but there is no Spark in it (no jars/spark-core_*.jar): $need." >&2
    exit 2
  fi
  version=$(basename "$jar" .jar)
  version=${version#spark-core_} # now SCALA-SPARK
  case $version in
    "$espalier_scala_line-$espalier_spark_line".*) ;;
    *)
      echo "espalier: found Spark ${version#*-} for Scala ${version%%-*} in $SPARK_HOME, but $need." >&2
      exit 2
      ;;
  esac
}

# The value of setting $1 in Spark's own file of defaults.
espalier_spark_default() {
  sed -n "s/^[[:space:]]*$1[[:space:]=]\{1,\}//p" "${SPARK_CONF_DIR:-$SPARK_HOME/conf}/spark-defaults.conf" 2>/dev/null | tail -n 1 || true
}

# Quiet logs for a driver on this machine; $1 is the checkout, then come the options of spark-submit.
espalier_log_option() {
  local home=$1
  shift
  case " $* " in
    *" cluster "* | *deploy-mode=cluster* | *deployMode=cluster*) ;;
    *) printf '"-Dlog4j2.configurationFile=file://%s/driver/target/classes/espalier-log4j2.properties"' "${home// /%20}" ;;
  esac
}

# Runs spark-submit; where SPARK_HOME has the jars of Spark alone, what that script would run. $1 is the checkout.
espalier_spark_submit() {
  local home=$1
  shift
  if [ -x "$SPARK_HOME/bin/spark-submit" ]; then
    exec "$SPARK_HOME/bin/spark-submit" "$@"
  fi
  espalier_run_spark_class "$home" org.apache.spark.deploy.SparkSubmit "$@"
}

# Replaces this process by main class $2 of Spark.
espalier_run_spark_class() {
  local home=$1
  shift
  export SPARK_HOME SPARK_SCALA_VERSION=$espalier_scala_line
  exec "$JAVA_HOME/bin/java" $(espalier_jvm_options) \
    "-Dlog4j2.configurationFile=file://${home// /%20}/driver/target/classes/espalier-log4j2.properties" \
    ${ESPALIER_JAVA_OPTS:-} -cp "${SPARK_CONF_DIR:-$SPARK_HOME/conf}:$SPARK_HOME/jars/*" "$@"
}
