// A ChunkProxy cluster on Azure Container Apps: etcd, cache services, a front end; Redis where wanted.
//
//   az deployment group create --resource-group RG --parameters deploy/azure/main.bicepparam
//
// docs/deploy.md says when to take this file, when "azd up", and what the platform costs a cache.

@description('First part of every name. Names on this platform have 32 characters at most.')
@minLength(2)
@maxLength(20)
param name string = 'chunkproxy'

param location string = resourceGroup().location

@description('The origin whose objects are served: http or https; the path of a request is appended to it.')
param originUrl string

@description('Image of ChunkProxy.Cache, as "dotnet publish -t:PublishContainer" makes it.')
param cacheImage string

@description('Image of ChunkProxy.Web.')
param webImage string

@description('Login server of a private registry, such as example.azurecr.io; empty: the images are public.')
param registryServer string = ''

@description('Resource id of a user-assigned identity that may pull from the registry.')
param registryIdentity string = ''

@description('How many cache services own the chunks.')
@minValue(1)
@maxValue(30)
param members int = 3

@description('Most replicas of the front end.')
@minValue(1)
@maxValue(100)
param mostFrontEnds int = 10

@description('Size of a chunk. After a change nothing cached before is found again.')
param chunkSize string = '1MiB'

@description('Memory for chunks in each process.')
param memorySize string = '128MiB'

@description('Disk for chunks of each cache service. Ephemeral: 2 GiB with half a CPU, and empty after each new revision.')
param diskSize string = '1GiB'

@description('Secret that all members share.')
@secure()
@minLength(16)
param poolKey string

@description('Secret that the status page and its actions ask for.')
@secure()
@minLength(16)
param adminKey string

@description('A shared tier for super-hot chunks in Redis.')
param redis bool = false

@description('Password of Redis, random and without commas; needed with redis only.')
@secure()
param redisPassword string = ''

@description('User of etcd, once authentication is on there; empty: none, and every app of this environment can change who is a member.')
param etcdUsername string = ''

@secure()
param etcdPassword string = ''

@description('Encrypts what apps of the environment send each other, pool key included. Costs latency and throughput between members.')
param encryptPeerTraffic bool = true

// Names are addresses here: an app with internal TCP ingress is reached as NAME:PORT by the other apps of the environment.
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
var etcdSecrets = empty(etcdUsername) ? [] : [
  { name: 'etcd-password', value: etcdPassword }
]
var sharedSecrets = concat([
  { name: 'pool-key', value: poolKey }
], redisSecrets, etcdSecrets)

// What every process of the product is told, cache service or front end.
var redisSettings = redis ? [
  { name: 'ConnectionStrings__superhot', secretRef: 'redis' }
] : []
var etcdSettings = empty(etcdUsername) ? [] : [
  { name: 'ChunkProxy__Etcd__Username', value: etcdUsername }
  { name: 'ChunkProxy__Etcd__Password', secretRef: 'etcd-password' }
]
var sharedSettings = concat([
  { name: 'ChunkProxy__Url', value: originUrl }
  { name: 'ChunkProxy__Coord', value: 'http://${etcdName}:2379' } // members find each other there
  { name: 'ChunkProxy__Cluster', value: 'clusters/chunkproxy' } // below this key
  { name: 'ChunkProxy__ChunkSize', value: chunkSize } // a part of each chunk's name: the same everywhere
  { name: 'ChunkProxy__MemorySize', value: memorySize }
  { name: 'ChunkProxy__PoolKey', secretRef: 'pool-key' }
], redisSettings, etcdSettings)

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

// Who is in the cluster. Exactly one, without a volume: members register again with an empty one, and reads go on while
// it is away. Two behind one name would be two clusters.
resource etcd 'Microsoft.App/containerApps@2024-03-01' = {
  name: etcdName
  location: location
  properties: {
    environmentId: environment.id
    workloadProfileName: 'Consumption'
    configuration: {
      // tcp and not http: an HTTP ingress would stand between the clients and gRPC.
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
          // Nothing on disk, and more memory than the tier fills (192 MiB): with less it would evict what was just published.
          command: ['/bin/sh']
          args: ['-c', 'exec redis-server --requirepass "$REDIS_PASSWORD" --save \'\' --maxmemory 320mb --maxmemory-policy volatile-lru']
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

// The members: they own the chunks. What a member owns follows from its pool address, and a single replica of an app
// cannot be addressed on this platform: so each member is an app of its own, always with exactly one replica.
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
      // Answers under way have 8 s, handing the hottest chunks to other members 5 s.
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

// The front end: it answers clients and owns no chunk, so the platform may add and remove replicas.
resource web 'Microsoft.App/containerApps@2024-03-01' = {
  name: '${name}-web'
  location: location
  identity: identity
  properties: {
    environmentId: environment.id
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: 'Single'
      // TLS ends here, with the platform's certificate or one of yours.
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
            { name: 'ChunkProxy__AdminKey', secretRef: 'admin-key' }
            // The status page names the origin's paths, so it asks for the key even of those who only look.
            { name: 'ChunkProxy__AdminKeyGuards', value: 'Everything' }
            // The client's address comes from the platform's ingress.
            { name: 'ASPNETCORE_FORWARDEDHEADERS_ENABLED', value: 'true' }
          ])
          resources: { cpu: json('0.5'), memory: '1Gi' }
          // Route by "health", which fails when the process cannot do its work; restart by "alive", which fails only
          // when it does not answer at all.
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
