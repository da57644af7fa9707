#!/bin/bash
: > /tmp/core.dump
script=$(sed '/^cat > \/run\/holding-back.cjs/,/^export NODE_OPTIONS/d' /run/service/app/run)
printf '%s\n' "$script" > /run/app-run
chmod +x /run/app-run
mv -f /run/app-run /run/service/app/run
pkill -f /srv/app/app.js || kill "$(s6-svstat -o pid /run/service/app)"
s6-svc -u /run/service/nginx
exit 0
