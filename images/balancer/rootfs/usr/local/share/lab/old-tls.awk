# Reads HAProxy's errors and counts handshakes below TLS 1.2: those that were refused (OpenSSL's own words), and requests that came
# over one that was let in (captured by the configuration). /etc/lab/own-probes has the addresses whose attempts are the lab's own.
BEGIN {
  while ((getline address < "/etc/lab/own-probes") > 0) own[address] = 1
  system("mkdir -p /run/textfile")
  tell()
}

{
  address = $1
  sub(/:[0-9]+$/, "", address)
  if (address in own) next
}
/unsupported protocol|version too low|inappropriate fallback/ { refused++; tell() }
/\{(SSLv3|TLSv1|TLSv1\.1)\}/ { accepted++; tell() }

function tell(    file) {
  file = "/run/textfile/old-tls"
  print "# HELP tls_old_handshakes_total Visitors who wanted TLS below 1.2.\n" \
    "# TYPE tls_old_handshakes_total counter\n" \
    "tls_old_handshakes_total{result=\"refused\"} " refused + 0 "\n" \
    "tls_old_handshakes_total{result=\"accepted\"} " accepted + 0 > (file ".new")
  close(file ".new")
  system("mv " file ".new " file ".prom")
}
