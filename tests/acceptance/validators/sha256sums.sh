# sha256sum: every file is there and has the hash that SHA256SUMS lists.
bad=0
for release; do
    (cd "$release" && sha256sum --check --quiet --strict SHA256SUMS 2>&1) || bad=1
done
exit $bad
