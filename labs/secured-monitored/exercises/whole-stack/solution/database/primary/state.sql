SELECT user, host, authentication_string FROM mysql.user ORDER BY user, host;
