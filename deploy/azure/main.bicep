// A ChunkProxy cluster on Azure Container Apps: etcd, cache services, a front end, and optionally Redis.
//
//   az deployment group create --resource-group RG --parameters deploy/azure/main.bicepparam
//
// docs/deploy.md compares this file with "azd up", and describes how the platform limits a cache.

@description('Prefix of all names. The platform limits names to 32 characters.')
@minLength(2)
@maxLength(20)
param name string = 'chunkproxy'

param location string = resourceGroup().location

@description('Base URL of the origin (http or https); the request path is appended to it.')
param originUrl string

@description('Image of ChunkProxy.Cache, built by "dotnet publish -t:PublishContainer".')
param cacheImage string

@description('Image of ChunkProxy.Web.')
param webImage string

@description('Login server of a private registry, such as example.azurecr.io; empty: the images are public.')
param registryServer string = ''

@description('Resource id of a user-assigned identity that may pull from the registry.')
param registryIdentity string = ''

@description('Number of cache services, which own the chunks.')
@minValue(1)
@maxValue(30)
param members int = 3

@description('Maximum number of replicas of the front end.')
@minValue(1)
@maxValue(100)
param mostFrontEnds int = 10

@description('Chunk size. After a change, earlier cached content is not found.')
param chunkSize string = '1MiB'

@description('Memory for chunks in each process.')
param memorySize string = '128MiB'

@description('Disk space for chunks of each cache service. Ephemeral: 2 GiB with half a CPU, and empty after each new revision.')
param diskSize string = '1GiB'

@description('Shared secret of all members.')
@secure()
@minLength(16)
param poolKey string

@description('Secret that the status page and its actions require.')
@secure()
@minLength(16)
param adminKey string

@description('A shared tier for super-hot chunks in Redis.')
param redis bool = false

@description('Password of Redis, random and without commas; required only with redis.')
@secure()
param redisPassword string = ''

@description('Password of etcd, with which the members enable its authentication.')
@secure()
@minLength(16)
param etcdPassword string

@description('Encrypts traffic between apps of the environment, including the pool key. Costs latency and throughput between members.')
param encryptPeerTraffic bool = true

// App names are addresses: other apps of the environment reach an app with internal TCP ingress as NAME:PORT.
var etcdName = '${name}-etcd'
var redisName = '${name}-superhot'
var cacheNames = [for number in range(1, members): '${name}-cache-${number}']
var poolPort = 7070
var clientPort = 8080

var registries = empty(registryServer) ? [] : [
  { server: registryServer, identity: registryIdentity }
]
var identity = empty(registryIdentity) ? { type: 'None' } : {
  type: 'UserAssigned'
  userAssignedIdentities: { '${registryIdentity}': {} }
}

var redisSecrets = redis ? [
  { name: 'redis', value: '${redisName}:6379,password=${redisPassword}' }
] : []
var sharedSecrets = concat([
  { name: 'pool-key', value: poolKey }
  { name: 'etcd-password', value: etcdPassword }
], redisSecrets)

// Settings of all ChunkProxy processes: cache services and front end.
var redisSettings = redis ? [
  { name: 'ConnectionStrings__superhot', secretRef: 'redis' }
] : []
var sharedSettings = concat([
  { name: 'ChunkProxy__Url', value: originUrl }
  { name: 'ChunkProxy__Coord', value: 'http://${etcdName}:2379' } // members find each other through etcd
  { name: 'ChunkProxy__Cluster', value: 'clusters/chunkproxy' } // below this key
  { name: 'ChunkProxy__ChunkSize', value: chunkSize } // part of each chunk's name, so it must be the same in all processes
  { name: 'ChunkProxy__MemorySize', value: memorySize }
  { name: 'ChunkProxy__PoolKey', secretRef: 'pool-key' }
  // The members enable authentication in etcd, also after it has lost its data.
  { name: 'ChunkProxy__Etcd__EnableAuthentication', value: 'true' }
  { name: 'ChunkProxy__Etcd__Username', value: 'root' }
  { name: 'ChunkProxy__Etcd__Password', secretRef: 'etcd-password' }
], redisSettings)

resource logs 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: '${name}-logs'
  location: location
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: 30
  }
}

resource environment 'Microsoft.App/managedEnvironments@2024-03-01' = {
  name: '${name}-env'
  location: location
  properties: {
    appLogsConfiguration: {
      destination: 'log-analytics'
      logAnalyticsConfiguration: {
        customerId: logs.properties.customerId
        sharedKey: logs.listKeys().primarySharedKey
      }
    }
    peerTrafficConfiguration: {
      encryption: { enabled: encryptPeerTraffic }
    }
    workloadProfiles: [
      { name: 'Consumption', workloadProfileType: 'Consumption' }
    ]
  }
}

// The membership. Exactly one replica, without a volume: after a loss, members enable authentication and register
// again, and reads continue meanwhile. Two replicas behind one name would be two clusters.
resource etcd 'Microsoft.App/containerApps@2024-03-01' = {
  name: etcdName
  location: location
  properties: {
    environmentId: environment.id
    workloadProfileName: 'Consumption'
    configuration: {
      // tcp, because an HTTP ingress would terminate gRPC between the clients and etcd.
      ingress: { external: false, transport: 'tcp', targetPort: 2379, exposedPort: 2379 }
    }
    template: {
      containers: [
        {
          name: 'etcd'
          image: 'quay.io/coreos/etcd:v3.6.5'
          command: ['/usr/local/bin/etcd']
          args: [
            '--name=etcd'
            '--data-dir=/tmp/etcd-data'
            '--listen-client-urls=http://0.0.0.0:2379'
            '--advertise-client-urls=http://${etcdName}:2379'
            '--listen-peer-urls=http://127.0.0.1:2380'
            '--auto-compaction-retention=1h'
          ]
          resources: { cpu: json('0.25'), memory: '0.5Gi' }
          probes: [
            {
              type: 'Liveness'
              httpGet: { path: '/health', port: 2379 }
              initialDelaySeconds: 10
              failureThreshold: 6
            }
          ]
        }
      ]
      scale: { minReplicas: 1, maxReplicas: 1 }
    }
  }
}

resource superhot 'Microsoft.App/containerApps@2024-03-01' = if (redis) {
  name: redisName
  location: location
  properties: {
    environmentId: environment.id
    workloadProfileName: 'Consumption'
    configuration: {
      ingress: { external: false, transport: 'tcp', targetPort: 6379, exposedPort: 6379 }
      secrets: [
        { name: 'password', value: redisPassword }
      ]
    }
    template: {
      containers: [
        {
          name: 'redis'
          image: 'docker.io/library/redis:8.6'
          // No persistence, and more memory than the tier uses (192 MiB): otherwise Redis would evict newly published chunks.
          command: ['/bin/sh']
          args: ['-c', 'exec redis-server --requirepass "\${REDIS_PASSWORD:?}" --save \'\' --maxmemory 320mb --maxmemory-policy volatile-lru']
          env: [
            { name: 'REDIS_PASSWORD', secretRef: 'password' }
          ]
          resources: { cpu: json('0.25'), memory: '0.5Gi' }
        }
      ]
      scale: { minReplicas: 1, maxReplicas: 1 }
    }
  }
}

// The members, which own the chunks. A member's pool address determines what it owns, and the platform cannot
// address a single replica of an app. So each member is a separate app with exactly one replica.
resource caches 'Microsoft.App/containerApps@2024-03-01' = [for cacheName in cacheNames: {
  name: cacheName
  location: location
  identity: identity
  properties: {
    environmentId: environment.id
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: 'Single'
      ingress: { external: false, transport: 'tcp', targetPort: poolPort, exposedPort: poolPort }
      registries: registries
      secrets: sharedSecrets
    }
    template: {
      // In-flight responses have 8 s to complete; the handover of the hottest chunks to other members has 5 s.
      terminationGracePeriodSeconds: 30
      containers: [
        {
          name: 'cache'
          image: cacheImage
          env: concat(sharedSettings, [
            { name: 'ChunkProxy__Name', value: cacheName }
            { name: 'ChunkProxy__PoolAddr', value: '${cacheName}:${poolPort}' }
            { name: 'ChunkProxy__PoolListen', value: ':${poolPort}' }
            { name: 'ChunkProxy__Dir', value: '/home/app/chunkproxy' }
            { name: 'ChunkProxy__DiskSize', value: diskSize }
          ])
          resources: { cpu: json('0.5'), memory: '1Gi' }
          probes: [
            {
              type: 'Startup'
              httpGet: { path: '/alive', port: clientPort }
              periodSeconds: 2
              failureThreshold: 60
            }
            {
              type: 'Liveness'
              httpGet: { path: '/alive', port: clientPort }
              periodSeconds: 10
              timeoutSeconds: 5
            }
          ]
        }
      ]
      scale: { minReplicas: 1, maxReplicas: 1 }
    }
  }
}]

// The front end. It owns no chunks, so the platform may add and remove replicas.
resource web 'Microsoft.App/containerApps@2024-03-01' = {
  name: '${name}-web'
  location: location
  identity: identity
  properties: {
    environmentId: environment.id
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: 'Single'
      // TLS terminates here, with the platform's certificate or a custom one.
      ingress: { external: true, transport: 'auto', targetPort: clientPort, allowInsecure: false }
      registries: registries
      secrets: concat(sharedSecrets, [
        { name: 'admin-key', value: adminKey }
      ])
    }
    template: {
      terminationGracePeriodSeconds: 30
      containers: [
        {
          name: 'web'
          image: webImage
          env: concat(sharedSettings, [
            { name: 'ChunkProxy__WebAddr', value: ':${clientPort}' }
            { name: 'ChunkProxy__PoolAddr', value: 'none' }
            { name: 'ChunkProxy__DiskSize', value: '0' }
            { name: 'ChunkProxy__LameDuck', value: '00:00:05' } // the ingress notices a stop some seconds later
            { name: 'ChunkProxy__AdminKey', secretRef: 'admin-key' }
            // The status page shows the origin's paths, so viewing requires the key too.
            { name: 'ChunkProxy__AdminKeyGuards', value: 'Everything' }
            // The platform's ingress forwards the client's address.
            { name: 'ASPNETCORE_FORWARDEDHEADERS_ENABLED', value: 'true' }
          ])
          resources: { cpu: json('0.5'), memory: '1Gi' }
          // Readiness uses "health", which fails when the process cannot work. Liveness uses "alive", which fails only
          // when the process does not respond.
          probes: [
            {
              type: 'Startup'
              httpGet: { path: '/_chunkproxy/alive', port: clientPort }
              periodSeconds: 2
              failureThreshold: 60
            }
            {
              type: 'Readiness'
              httpGet: { path: '/_chunkproxy/health', port: clientPort }
              periodSeconds: 5
            }
            {
              type: 'Liveness'
              httpGet: { path: '/_chunkproxy/alive', port: clientPort }
              periodSeconds: 10
              timeoutSeconds: 5
            }
          ]
        }
      ]
      scale: {
        minReplicas: 1
        maxReplicas: mostFrontEnds
        rules: [
          {
            name: 'requests-under-way'
            http: { metadata: { concurrentRequests: '100' } }
          }
        ]
      }
    }
  }
}

output url string = 'https://${web.properties.configuration.ingress.fqdn}/'
