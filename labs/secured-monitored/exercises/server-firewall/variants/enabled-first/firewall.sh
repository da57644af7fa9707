ssh ubuntu@web-01
sudo apt-get -y update && sudo apt-get install -y ufw
sudo vim /etc/default/ufw
sudo sed -i 's/^IPV6=.*/IPV6=yes/' /etc/default/ufw
echo y | sudo ufw enable
sudo ufw allow 22
sudo ufw allow 80
sudo ufw allow 443
sudo systemctl restart ufw
sudo ufw status
