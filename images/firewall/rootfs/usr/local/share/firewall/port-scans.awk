# Passes ulogd's lines on and counts port scans: one source that was denied ten different doors (address, protocol and port)
# within ten seconds. A client that tries the same door again and again is no scan. The rules hand on 10 dropped packets a
# second at most, so this costs next to nothing, whatever comes.
BEGIN {
  within = 10
  doors = 10
  system("mkdir -p /run/textfile")
  tell()
}

{ print; fflush() }

match($0, / SRC=[^ ]+/) {
  source = substr($0, RSTART + 5, RLENGTH - 5)
  door = field("DST") " " field("PROTO") " " field("DPT")
  now = systime()
  if (!(source in since) || now - since[source] >= within) forget(source, now)
  if ((source, door) in seen) next
  seen[source, door] = 1
  if (++count[source] < doors) next
  scans++
  forget(source, now)
  tell()
}

function field(name) { return match($0, " " name "=[^ ]+") ? substr($0, RSTART + length(name) + 2, RLENGTH - length(name) - 2) : "" }

# Forged sources come without end: everybody is forgotten before they fill the memory.
function forget(source, now,    key) {
  if (!(source in since) && ++sources > 200) { delete since; delete seen; delete count; sources = 1 }
  for (key in seen) if (index(key, source SUBSEP) == 1) delete seen[key]
  since[source] = now
  count[source] = 0
}

function tell(    file) {
  file = "/run/textfile/port-scans"
  print "# HELP firewall_port_scans_total Times that one source was denied ten different doors within ten seconds.\n" \
    "# TYPE firewall_port_scans_total counter\n" \
    "firewall_port_scans_total " scans + 0 > (file ".new")
  close(file ".new")
  system("mv " file ".new " file ".prom")
}
