using System.Diagnostics.Metrics;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Cluster;
using ChunkProxy.Cache.Concurrency;
using ChunkProxy.Cache.Draining;
using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Objects;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Peers.Health;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Pool;
using ChunkProxy.Cache.Purges;
using ChunkProxy.Cache.Purges.Exchange;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Sites;
using ChunkProxy.Cache.Status;
using ChunkProxy.Cache.Telemetry;
using ChunkProxy.Cache.Tests.Chunks;
using ChunkProxy.Cache.Tests.Telemetry;
using ChunkProxy.Cache.Tiers.Disk;
using ChunkProxy.Cache.Tiers.Memory;
using ChunkProxy.Cache.Tiers.SuperHot;
using ChunkProxy.Cache.Warming;
using ChunkProxy.Cache.ZeroCopy;
using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.Scripted;
using ChunkProxy.Testing.Signals;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Tests.Lookup;

/// <summary>The whole engine of one process over a scripted origin, without disk unless asked for.</summary>
internal sealed class Engine : IAsyncDisposable
{
    public const int KiB = 1024;
    public const int MiB = 1024 * KiB;

    private readonly ServiceProvider _services;
    private readonly ChangeableSettings _settings;

    public Engine(ScriptedOrigin origin, TimeProvider? time = null, params (string Key, string Value)[] settings)
        : this(origin, time, membership: null, settings)
    {
    }

    /// <summary>An engine that is part of a cluster; <see cref="StartAsync"/> opens its pool port.</summary>
    public Engine(ScriptedOrigin origin, TimeProvider? time, IMembershipSource? membership, params (string Key, string Value)[] settings)
        : this(origin, time, membership, purges: null, settings)
    {
    }

    private Engine(
        ScriptedOrigin origin, TimeProvider? time, IMembershipSource? membership, Func<IServiceProvider, PurgeFile>? purges, (string Key, string Value)[] settings)
    {
        var all = new Dictionary<string, string?>
        {
            ["ChunkProxy:Url"] = origin.BaseAddress.ToString(),
            ["ChunkProxy:DiskSize"] = "0",
            ["ChunkProxy:MemorySize"] = "64MiB",
            ["ChunkProxy:Origin:Backoff"] = "00:00:00.001",
        };
        foreach (var (key, value) in settings)
        {
            all["ChunkProxy:" + key] = value;
        }

        _settings = new ChangeableSettings(all);
        var configuration = new ConfigurationBuilder().Add(_settings).Build();
        Settings = configuration;
        var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddLogging().AddSuperHotRedis().AddChunkCache();
        if (membership is not null)
        {
            services.AddSingleton(membership);
        }

        if (purges is not null)
        {
            services.AddSingleton(purges);
        }

        if (time is not null)
        {
            services.AddSingleton(time);
        }

        _services = services.BuildServiceProvider();
        Reader = _services.GetRequiredService<IChunkReader>();
    }

    /// <summary>Returns an engine with another file of purges.</summary>
    public static Engine WithFile(ScriptedOrigin origin, Func<IServiceProvider, PurgeFile> purges, params (string Key, string Value)[] settings) =>
        new(origin, time: null, membership: null, purges, settings);

    public IChunkReader Reader { get; }

    /// <summary>The settings, which a test may change before its parts read them again.</summary>
    public IConfiguration Settings { get; }

    public MemoryTier Memory => _services.GetRequiredService<MemoryTier>();

    /// <summary>Slices that were served to other members, as a collector of metrics reads them.</summary>
    public long PeerReadsServed => Measured.Sum(_services.GetRequiredService<IMeterFactory>(), "chunkproxy.peer.served");

    public CacheMetrics Metrics => _services.GetRequiredService<CacheMetrics>();

    public PeerHealth Health => _services.GetRequiredService<PeerHealth>();

    public PeerBreakers Breakers => _services.GetRequiredService<PeerBreakers>();

    public SuperHotTier SuperHot => _services.GetRequiredService<SuperHotTier>();

    public PoolServer Pool => _services.GetRequiredService<PoolServer>();

    public DiskTier Disk => _services.GetRequiredService<DiskTier>();

    public ObjectWarmer Warmer => _services.GetRequiredService<ObjectWarmer>();

    public ObjectDirectory Directory => _services.GetRequiredService<ObjectDirectory>();

    public ProcessMapReader Maps => _services.GetRequiredService<ProcessMapReader>();

    public ProcessFiguresReader Figures => _services.GetRequiredService<ProcessFiguresReader>();

    public ClusterStatusReader Cluster => _services.GetRequiredService<ClusterStatusReader>();

    public DrainCoordinator Drains => _services.GetRequiredService<DrainCoordinator>();

    public MemberDrain Drain => _services.GetRequiredService<MemberDrain>();

    public PurgeCoordinator PurgeCoordinator => _services.GetRequiredService<PurgeCoordinator>();

    public PurgeApplier PurgeApplier => _services.GetRequiredService<PurgeApplier>();

    public ObjectEraser Eraser => _services.GetRequiredService<ObjectEraser>();

    public PurgeLedger Purges => _services.GetRequiredService<PurgeLedger>();

    public ClusterView Members => _services.GetRequiredService<ClusterView>();

    public MemberWalks Walks => _services.GetRequiredService<MemberWalks>();

    public PeerClient Peers => _services.GetRequiredService<PeerClient>();

    /// <summary>Places for reads of members.</summary>
    public OpenHandles PeerPlaces => _services.GetRequiredService<PeerConnections>().Reads;

    public OriginBreaker OriginBreaker => _services.GetRequiredService<OriginServers>().All[0].Breaker;

    public OriginClient Origin => _services.GetRequiredService<OriginServers>().All[0].Client;

    public ColdShares Cold => _services.GetRequiredService<ColdShares>();

    public PendingSends Sends => _services.GetRequiredService<PendingSends>();

    public FillTable Fills => _services.GetRequiredService<FillTable>();

    /// <summary>The object at that path of the origin; with several origins at <c>name:/path</c>.</summary>
    public ObjectId At(string path) => _services.GetRequiredService<SiteTable>().Read(path)!;

    /// <summary>Returns a path with a property that many have, such as a certain owner.</summary>
    public string AnyPathWhere(Func<ObjectId, bool> holds) => Enumerable.Range(0, 10_000).Select(static number => $"/film{number}").First(path => holds(At(path)));

    /// <summary>Removes a section of the settings.</summary>
    public void RemoveSettings(string section) => _settings.Remove(section);

    /// <summary>What reads settings again.</summary>
    public IReadOnlyList<IReloadable> Reloadable => [.. _services.GetServices<IReloadable>().Where(static part => part.IsFromSettings)];

    public OriginServers Origins => _services.GetRequiredService<OriginServers>();

    public FormerOrigins FormerOrigins => _services.GetRequiredService<FormerOrigins>();

    public SiteTable Sites => _services.GetRequiredService<SiteTable>();

    /// <summary>One of several origins.</summary>
    public OriginServer OriginNamed(string name) => _services.GetRequiredService<OriginServers>().All.Single(origin => origin.Site.Name == name);

    public async Task<ObjectVersion> FindAsync(string path, long? firstByte, CancellationToken cancellationToken)
    {
        var found = await Reader.FindAsync(At(path), firstByte, cancellationToken).AsTask().WaitAsync(Patience.Limit, cancellationToken);
        Assert.Equal(ProxyError.None, found.Error);
        return found.Version!.For(At(path));
    }

    /// <summary>Opens a slice as the front end does: in memory, or from elsewhere.</summary>
    public ValueTask<ChunkLease> OpenAsync(ObjectVersion version, Slice slice, CancellationToken cancellationToken) =>
        Reader.TryOpen(version, slice, out var lease) ? new(lease) : Reader.OpenAsync(version, slice, cancellationToken);

    /// <summary>Reads a range as the front end does, slice by slice and piece by piece, and holds every byte against the origin's.</summary>
    public async Task ReadAsync(ObjectVersion version, ByteRange range, CancellationToken cancellationToken, long seed = 1)
    {
        foreach (var slice in version.Layout.Slices(range))
        {
            using var lease = await OpenAsync(version, slice, cancellationToken).AsTask().WaitAsync(Patience.Limit, cancellationToken);
            for (var offset = slice.Offset; offset < slice.End;)
            {
                var bytes = await lease.ReadAsync(offset, slice.End - offset, cancellationToken).AsTask().WaitAsync(Patience.Limit, cancellationToken);
                TestData.Verify(seed, version.Layout.StartOf(slice.ChunkIndex) + offset, bytes.Span);
                offset += bytes.Length;
            }
        }
    }

    public async Task ReadAsync(string path, ByteRange range, CancellationToken cancellationToken, long seed = 1) =>
        await ReadAsync(await FindAsync(path, range.Start, cancellationToken), range, cancellationToken, seed);

    /// <summary>Polls until so many requests wait for a connection to the origin, because the queue does not announce changes.</summary>
    public async Task WhenQueuedAsync(int count, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience.Limit);
        while (Origin.RequestsWaiting != count)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, patience.Token);
        }
    }

    /// <summary>Completes when no fill is in progress.</summary>
    public async Task WhenFilledAsync(CancellationToken cancellationToken)
    {
        while (Fills.UnderWay.FirstOrDefault() is { } fill)
        {
            await fill.Ended.WaitAsync(Patience.Limit, cancellationToken);
        }
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
