using ChunkProxy.Cache.Cluster;
using ChunkProxy.Cache.Draining;
using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Lookup;
using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Objects;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Peers.Health;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Pool;
using ChunkProxy.Cache.Popularity;
using ChunkProxy.Cache.Purges;
using ChunkProxy.Cache.Purges.Exchange;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Sites;
using ChunkProxy.Cache.Status;
using ChunkProxy.Cache.Telemetry;
using ChunkProxy.Cache.Tiers.Disk;
using ChunkProxy.Cache.Tiers.Memory;
using ChunkProxy.Cache.Tiers.SuperHot;
using ChunkProxy.Cache.Warming;
using ChunkProxy.Cache.ZeroCopy;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache;

public static class CacheServiceCollectionExtensions
{
    /// <summary>Adds the cache. Its options are read from configuration under <c>ChunkProxy:</c> and validated when the host starts.</summary>
    public static IServiceCollection AddChunkCache(this IServiceCollection services, MemberRole role = MemberRole.Node)
    {
        services.AddCacheOptions();
        services.AddOptions<OriginOptions>().BindSettings(OriginOptions.Section);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<OriginOptions>, PassThroughPlaces>());
        services.AddSites();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<OriginOptions>, OriginOptionsValidator>());

        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.TryAddSingleton<CacheMetrics>();
        services.TryAddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<CacheOptions>>().Value;
            return new MemoryTier(options.MemoryBudget, (int)options.ChunkSize);
        });
        services.TryAddSingleton(CreateDiskTier);
        services.AddHealthChecks().AddCheck<OriginHealthCheck>("origin").AddCheck<DiskHealthCheck>("disk").AddCheck<SuperHotHealthCheck>("redis");
        services.TryAddSingleton<UpstreamWaits>();
        services.AddOrigin();
        services.TryAddSingleton<OriginSource>();
        services.TryAddSingleton<IChunkRetrieval, ChunkRetrieval>();
        services.TryAddSingleton<FillStorage>();
        services.TryAddSingleton<BackgroundRetrieval>();
        services.TryAddSingleton<FillTable>();
        services.TryAddSingleton<ObjectDirectory>();
        services.TryAddSingleton<IKnownVersions>(static provider => provider.GetRequiredService<ObjectDirectory>());
        services.TryAddSingleton<KnownObjects>();
        services.TryAddSingleton<ObjectsAtOrigin>();
        services.TryAddSingleton<ObjectsAtMembers>();
        services.TryAddSingleton<ObjectSearch>();
        services.TryAddSingleton<ObjectFinder>();
        services.TryAddSingleton<MemoryReads>();
        services.TryAddSingleton<UncachedReads>();
        services.TryAddSingleton<SliceReads>();
        services.TryAddSingleton<IChunkReader, ChunkReader>();
        services.AddSending();
        services.TryAddSingleton<RecentEvents>();
        services.AddPurges();
        services.AddMembership(role);
        services.AddPeers();
        services.AddStatus();
        services.AddWarming();
        return services;
    }

    /// <summary>Adds the sending of bodies, to clients and to members. What waits for either counts together.</summary>
    internal static void AddSending(this IServiceCollection services)
    {
        services.AddMachineLimits();
        services.TryAddSingleton(provider => new PendingSends(
            provider.GetRequiredService<IOptions<CacheOptions>>().Value.MemoryBudget / 2,
            provider.GetRequiredService<OriginConnections>().LeastQuarter,
            provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<BodyOutputs>();
    }

    private static void AddMachineLimits(this IServiceCollection services)
    {
        services.TryAddSingleton<OriginConnections>();
        services.TryAddSingleton(static _ => MachineLimits.Read());
        services.TryAddSingleton(static provider => new UnsentLimit(provider.GetRequiredService<MachineLimits>().Memory));
        services.TryAddSingleton(static provider => OpenFiles.Divide(
            provider.GetRequiredService<MachineLimits>().OpenFiles,
            provider.GetRequiredService<OriginConnections>().Most,
            hasDisk: provider.GetRequiredService<IOptions<CacheOptions>>().Value.DiskBudget > 0,
            hasMembers: !provider.GetRequiredService<IOptions<PoolOptions>>().Value.IsStandAlone,
            isMember: !provider.GetRequiredService<IOptions<PoolOptions>>().Value.OwnsNothing));
    }

    private static void AddCacheOptions(this IServiceCollection services)
    {
        services.AddOptions<CacheOptions>().BindSettings(CacheOptions.Section);
        services.TryAddSingleton<MachineDefaults>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CacheOptions>, CacheOptionsValidator>());
        services.AddSingleton<IPostConfigureOptions<CacheOptions>>(static provider => provider.GetRequiredService<MachineDefaults>());
        services.AddSingleton<IValidateOptions<CacheOptions>>(static provider => provider.GetRequiredService<MachineDefaults>());
        services.AddHostedService<MachineWarnings>();
        services.AddSingleton<SettingsReload>();
        services.AddHostedService(static provider => provider.GetRequiredService<SettingsReload>());
        services.AddHostedService<SystemdNotification>();
    }

    private static void AddOrigin(this IServiceCollection services)
    {
        services.AddOptions<OriginAccessOptions>().BindSettings(OriginAccessOptions.Section);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<OriginAccessOptions>, OriginAccessOptionsValidator>());
        services.AddOptions<OriginsOptions>().CheckAtStart();
        services.AddSingleton(new SettingSection(SiteNames.Section, static () => [], IsReloaded: false, static provider => provider.GetRequiredService<IOptionsFactory<OriginsOptions>>().Create(Options.DefaultName)));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<OriginsOptions>, OriginsOptionsValidator>());
        services.AddOptions<ColdReadOptions>().BindSettings(ColdReadOptions.Section);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ColdReadOptions>, ColdReadOptionsValidator>());
        services.TryAddSingleton<ColdShares>();
        services.TryAddSingleton(provider => new LoopMark(ClusterNameOf(provider.GetRequiredService<IOptions<PoolOptions>>().Value)));
        services.TryAddSingleton<OriginServerFactory>();
        services.TryAddSingleton<FormerOrigins>();
        services.TryAddSingleton<OriginServers>();
        services.TryAddSingleton<OriginSettings>();
        services.AddSingleton<IReloadable, OriginReload>(); // before the routes, which refer to origins
    }

    private static void AddPeers(this IServiceCollection services)
    {
        services.AddOptions<PeerOptions>().BindSettings(PeerOptions.Section);
        services.AddOptions<NearCopyOptions>().BindSettings(NearCopyOptions.Section);
        services.TryAddSingleton<NearCopies>();
        services.AddSuperHotTier();
        services.TryAddSingleton<SharedSettings>();
        services.TryAddSingleton<ClusterView>();
        services.TryAddSingleton<PoolSecurity>();
        services.TryAddSingleton<PeerProofs>();
        services.TryAddSingleton<RequestGuard>();
        services.TryAddSingleton<TrustWarnings>();
        services.TryAddSingleton<PeerBreakers>();
        services.TryAddSingleton<DeliveryRates>();
        services.TryAddSingleton<PeerConnections>();
        services.TryAddSingleton<PeerTransport>();
        services.TryAddSingleton<PeerHealth>();
        services.TryAddSingleton<WatchedRequests>();
        services.TryAddSingleton<PeerClient>();
        services.TryAddSingleton<PeerRequests>();
        services.TryAddSingleton<MemberWalks>();
        services.TryAddSingleton<PeerReads>();
        services.TryAddSingleton<OwnerSource>();
        services.TryAddSingleton<FormerOwnersSource>();
        services.TryAddSingleton<HeldChunks>();
        services.TryAddSingleton<OfferLines>();
        services.TryAddSingleton<HandOver>();
        services.TryAddSingleton<MemberDrain>();
        services.TryAddSingleton<DrainCoordinator>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPoolEndpoint, PingEndpoint>());
        services.TryAddSingleton<SliceSender>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPoolEndpoint, ChunkEndpoint>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPoolEndpoint, ObjectMetadataEndpoint>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPoolEndpoint, OfferEndpoint>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPoolEndpoint, MemberDrainEndpoint>());
        services.TryAddSingleton<PoolEndpoints>();
        services.TryAddSingleton<PoolPort>();
        services.TryAddSingleton<PoolServer>();
    }

    private static void AddPurges(this IServiceCollection services)
    {
        services.AddOptions<PurgeOptions>().BindSettings(PurgeOptions.Section);
        services.TryAddSingleton<PurgeFile>();
        services.TryAddSingleton(provider =>
        {
            var ledger = new PurgeLedger(
                provider.GetRequiredService<IOptions<PurgeOptions>>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<SiteTable>());
            var (purges, floor) = provider.GetRequiredService<PurgeFile>().Read();
            ledger.Restore(purges, floor);
            return ledger;
        });
        services.TryAddSingleton<PurgeFreshness>();
        services.TryAddSingleton<ObjectEraser>();
        services.TryAddSingleton<PurgeTimes>();
        services.TryAddSingleton<PurgeApplier>();
        services.TryAddSingleton<PurgeListeners>();
        services.TryAddSingleton<PurgeSync>();
        services.TryAddSingleton<PurgeFeed>();
        services.TryAddSingleton<PurgeCoordinator>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPoolEndpoint, PurgeFeedEndpoint>());
    }

    private static void AddStatus(this IServiceCollection services)
    {
        services.TryAddSingleton<HotObjects>();
        services.TryAddSingleton<ProcessTraffic>();
        services.TryAddSingleton<ProcessFiguresReader>();
        services.TryAddSingleton<ProcessMapReader>();
        services.TryAddSingleton<ClusterStatusReader>();
        services.TryAddSingleton<ClusterMapReader>();
        services.TryAddSingleton<EngineFigures>();
        services.TryAddSingleton<LocalTiers>();
        services.TryAddSingleton<ChunkPlaces>();
        services.AddHostedService<StatusMetrics>();
        services.AddHostedService<PendingSendMetrics>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPoolEndpoint, MemberStatusEndpoint>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPoolEndpoint, MemberMapEndpoint>());
    }

    private static void AddWarming(this IServiceCollection services)
    {
        services.AddOptions<WarmOptions>().BindSettings(WarmOptions.Section);
        services.TryAddSingleton<BackgroundFetcher>();
        services.TryAddSingleton<ObjectWarmer>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPoolEndpoint, MemberWarmEndpoint>());
    }

    /// <summary>Opens the pool port and joins the cluster when the host starts. Does nothing for a stand-alone process.</summary>
    public static IServiceCollection AddPool(this IServiceCollection services) => services.AddHostedService<PoolMember>();

    // Equal for all members, and unlikely to equal that of another cluster.
    private static string? ClusterNameOf(PoolOptions pool) =>
        pool.IsStandAlone ? null : string.Join(' ', [.. pool.Peers.Order(StringComparer.Ordinal), .. pool.CoordUrls.Order(StringComparer.Ordinal), pool.Cluster]);

    // Without a budget there is no tier: its users accept null, which the container passes to an optional parameter.
    private static DiskTier CreateDiskTier(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<CacheOptions>>().Value;
        var directories = options.Directories;
        var openFiles = provider.GetRequiredService<OpenFileShares>();
        return options.DiskBudget == 0
            ? null!
            : new DiskTier(
                [
                    .. directories.Select((directory, i) => new DiskTierOptions
                    {
                        Directory = directory,
                        Budget = options.DirectoryBudgets[i],
                        OpenFiles = Math.Max(openFiles.ChunkFiles / directories.Count, 1),
                        KeptFiles = openFiles.KeptFiles / directories.Count,
                        WriteQueueLimit = options.MemoryBudget / 4 * 3 / directories.Count, // queued chunks cannot be evicted from memory
                    }),
                ],
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<DiskTier>>())
            {
                IsRequestedVersionPurged = provider.GetRequiredService<PurgeLedger>().IsPurged,
                IsOpenedFilePurged = provider.GetRequiredService<PurgeLedger>().IsPurged,
            };
    }
}
