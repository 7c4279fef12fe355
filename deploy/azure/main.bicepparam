// Parameters of main.bicep: set origin and images. The keys come from the environment, so no file contains them:
//   export POOL_KEY=$(openssl rand -hex 20) ADMIN_KEY=$(openssl rand -hex 20) ETCD_PASSWORD=$(openssl rand -hex 20)
using 'main.bicep'

param originUrl = 'https://origin.example/'
param cacheImage = 'registry.example/chunkproxy-cache:latest'
param webImage = 'registry.example/chunkproxy-web:latest'
param poolKey = readEnvironmentVariable('POOL_KEY')
param adminKey = readEnvironmentVariable('ADMIN_KEY')
param etcdPassword = readEnvironmentVariable('ETCD_PASSWORD')
