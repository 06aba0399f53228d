# Expected values of statistical inference, made with R alone (stats):
#   Rscript scripts/oracles/inference.R > experiments/src/test/resources/org/espalier/experiments/inference/r.tsv
# A line is a function, its arguments as vectors that are parted by ';', and its results.
text <- function(v) paste(sprintf("%.17g", v), collapse = ",")
line <- function(name, args, results)
  cat(name, paste(vapply(args, text, ""), collapse = ";"), text(results), sep = "\t", end = "\n")
cat("# ", R.version.string, "\n", sep = "")
set.seed(1)
samples <- list()
for (n in c(3, 4, 5, 10, 30, 60)) {
  x <- rnorm(n); samples[[length(samples) + 1]] <- list(x, 0.6 * x + rnorm(n))
  x <- exp(rnorm(n)); samples[[length(samples) + 1]] <- list(x, rexp(n))
}
tied <- list(list(c(1, 2, 2, 3, 4, 4, 4), c(2, 1, 3, 3, 5, 4, 4)),
             list(c(0, 0, 1, 1, 2, 2, 3, 3), c(1, 0, 1, 2, 0, 3, 3, 3)),
             list(round(rnorm(40)), round(rnorm(40))))
warned <- function(e) suppressWarnings(e)
for (s in c(samples, tied)) {
  x <- s[[1]]; y <- s[[2]]
  p <- warned(cor.test(x, y))
  line("pearson", list(x, y), c(p$estimate, p$p.value, if (length(x) > 3) warned(cor.test(x, y, conf.level = 0.99))$conf.int))
  line("spearman", list(x, y), cor(x, y, method = "spearman"))
  k <- warned(cor.test(x, y, method = "kendall", exact = if (length(x) <= 33) NULL else FALSE))
  line("kendall", list(x, y), c(k$estimate, k$p.value))
  one <- t.test(x, mu = 0.25, conf.level = 0.99)
  line("t", list(x), c(one$p.value, one$conf.int, one$stderr))
  paired <- t.test(x, y, paired = TRUE, conf.level = 0.99)
  line("paired", list(x, y), c(paired$estimate, paired$p.value, paired$conf.int))
  student <- t.test(x, y, var.equal = TRUE, conf.level = 0.95)
  line("student", list(x, y), c(student$p.value, student$conf.int))
  welch <- t.test(x, y, conf.level = 0.95)
  line("welch", list(x, y), c(welch$p.value, welch$conf.int, welch$parameter))
  d <- x - y
  if (length(unique(abs(d))) == length(d) && all(d != 0))
    line("signed-rank", list(d), wilcox.test(d, exact = TRUE)$p.value)
  sd.d <- sd(d); n <- length(d)
  line("equivalence", list(x, y), max(t.test(d, mu = -0.5, alternative = "greater")$p.value,
                                      t.test(d, mu = 0.5, alternative = "less")$p.value))
}
for (p in list(c(0.01, 0.02, 0.03, 0.04), c(0.5, 0.001, 0.04, 0.04, 0.9), c(1, 1, 0.2), 0.3, c(0.011, 0.02, 0.0005, 0.3, 0.3, 0.07))) {
  line("holm", list(p), p.adjust(p, "holm"))
  line("bh", list(p), p.adjust(p, "BH"))
}
for (k in c(2, 3, 5, 10, 20)) for (q in c(0.1, 1, 2.5, 3.5, 5, 8))
  line("range", list(q, k), ptukey(q, k, Inf))
for (k in c(2, 3, 5, 10)) for (alpha in c(0.05, 0.01))
  line("range-quantile", list(k, alpha), qtukey(1 - alpha, k, Inf))
friedman <- list(matrix(rnorm(30), 10), matrix(round(rnorm(40) * 2), 8), matrix(rnorm(12), 3), cbind(1:6, 2:7, c(3, 4, 5, 6, 7, 1)))
for (m in friedman) {
  f <- friedman.test(m)
  line("friedman", c(lapply(seq_len(nrow(m)), function(i) m[i, ])), c(f$statistic, f$p.value, colMeans(t(apply(m, 1, rank)))))
}
for (df in c(1, 2, 4, 9, 29, 99)) for (t in c(-3, -0.5, 0, 0.7, 2, 5)) for (ncp in c(-1.5, 0, 0.3, 1, 3, 8))
  line("non-central", list(t, df, ncp), pt(t, df, ncp))
for (n in c(3, 5, 10, 30, 100)) for (d in c(0.1, 0.5, 1, 2)) for (alpha in c(0.05, 0.01))
  line("power", list(n, d, alpha), power.t.test(n, delta = d, sd = 1, sig.level = alpha, type = "paired", strict = TRUE)$power)
