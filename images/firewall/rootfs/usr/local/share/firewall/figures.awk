# awk -v forwarding=1 -f figures.awk AS-EMITTED IN-FORCE: two outputs of counted-rules to Prometheus' text format.

FNR == 1 { input++ }
/^family / { family = $2; next }
/^\*/ { table = substr($1, 2); next }
# A table of nft's own, which iptables cannot read, is none of the lab's.
/is incompatible/ { rules[input, family] = rules[input, family] $0 "\n"; next }
/^:/ {
  if (input == 2 && table == "filter" && ($1 == ":INPUT" || $1 == ":FORWARD")) drops[family, substr($1, 2)] = ($2 == "DROP")
  next
}
/^\[/ {
  rule = substr($0, length($1) + 2)
  rules[input, family] = rules[input, family] table " " rule "\n"
  if (input == 2) count(substr($1, 2), rule, $3)
}

# Drops are told by the jump that leads to them: there the chain is known. Inside the chain of a reason, nothing is counted again.
function count(counters, rule, chain,    target, name, action, key) {
  target = match(rule, / -j [^ ]+/) ? substr(rule, RSTART + 4, RLENGTH - 4) : ""
  if (reason(chain)) return
  if (reason(target)) { action = "drop"; name = target }
  else if (target == "ACCEPT") { action = "accept"; name = comment(rule) }
  else if (target == "DROP" || target == "REJECT") { action = "drop"; name = comment(rule) }
  else if (target == "DNAT") { action = "nat"; name = comment(rule) }
  else return
  if (name ~ /^conversations that were let in/) name = "established"
  key = "family=\"" family "\",table=\"" table "\",chain=\"" chain "\",rule=\"" name "\",action=\"" action "\""
  if (!(key in packets)) order[++keys] = key
  # awk reads the number up to the colon.
  packets[key] += counters + 0
}

function reason(name) { return name ~ /^(denied|invalid|spoofed|flood|stray)$/ }

function comment(rule,    text) {
  if (match(rule, /--comment "([^"\\]|\\.)*"/)) text = substr(rule, RSTART + 11, RLENGTH - 12)
  else if (match(rule, /--comment [^ ]+/)) text = substr(rule, RSTART + 10, RLENGTH - 10)
  else return "unnamed"
  gsub(/[\\"]/, "", text)
  return text
}

function gauge(name, help) { print "# HELP " name " " help "\n# TYPE " name " gauge" }

END {
  print "# HELP firewall_rule_packets_total Packets that rules of one name have decided on."
  print "# TYPE firewall_rule_packets_total counter"
  for (i = 1; i <= keys; i++) printf "firewall_rule_packets_total{%s} %.0f\n", order[i], packets[order[i]]
  gauge("firewall_policy_drop", "Whether what no rule decides on is dropped.")
  for (key in drops) {
    split(key, part, SUBSEP)
    print "firewall_policy_drop{family=\"" part[1] "\",chain=\"" part[2] "\"} " drops[key]
  }
  gauge("firewall_rules_as_emitted", "Whether the rules in force are those that the lab emitted.")
  print "firewall_rules_as_emitted{family=\"ipv4\"} " (rules[1, "ipv4"] == rules[2, "ipv4"])
  print "firewall_rules_as_emitted{family=\"ipv6\"} " (rules[1, "ipv6"] == rules[2, "ipv6"])
  gauge("firewall_forwarding", "Whether packets are passed on at all.")
  print "firewall_forwarding " forwarding
}
