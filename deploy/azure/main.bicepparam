// What main.bicep is told: fill in origin and images. The keys come from the environment, so that no file has them:
//   export POOL_KEY=$(openssl rand -hex 20) ADMIN_KEY=$(openssl rand -hex 20)
using 'main.bicep'

param originUrl = 'https://origin.example/'
param cacheImage = 'registry.example/chunkproxy-cache:latest'
param webImage = 'registry.example/chunkproxy-web:latest'
param poolKey = readEnvironmentVariable('POOL_KEY')
param adminKey = readEnvironmentVariable('ADMIN_KEY')
