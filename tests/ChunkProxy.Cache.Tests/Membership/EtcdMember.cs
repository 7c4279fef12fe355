using System.Collections.Concurrent;
using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Security;
using ChunkProxy.Testing.Etcd;
using ChunkProxy.Testing.Signals;

namespace ChunkProxy.Cache.Tests.Membership;

/// <summary>One process's membership, with the views that it published and its log.</summary>
internal sealed class EtcdMember : IAsyncDisposable
{
    /// <summary>The directory of the members' keys, where a test needs only one.</summary>
    public const string Cluster = "clusters/banana";

    private readonly ChangeSignal _changed = new();
    private readonly OwnerMap _first; // nobody is told of it

    private EtcdMember(Member? self, string cluster, EtcdOptions? options, string[] urls, KeyRing keys)
    {
        Log = new MembershipLogRecorder(_changed);
        Source = new EtcdMembership(self, [.. urls.Select(url => new Uri(url))], cluster, keys, options ?? Patient(), TimeProvider.System, Log);
        _first = Source.Owners;
        Source.Changed += owners =>
        {
            Told.Enqueue(owners);
            _changed.Raise();
        };
    }

    public EtcdMembership Source { get; }

    public MembershipLogRecorder Log { get; }

    public ConcurrentQueue<OwnerMap> Told { get; } = [];

    public ulong Epoch => Source.Owners.Epoch.Number;

    /// <summary>A lease that outlasts a test: a member that disappears was removed.</summary>
    public static EtcdOptions Patient() => new() { LeaseTtl = TimeSpan.FromMinutes(5), ReconcileInterval = TimeSpan.FromMinutes(10) };

    /// <summary>A lease that ends soon.</summary>
    public static EtcdOptions Hasty() => new() { LeaseTtl = TimeSpan.FromSeconds(3), ReconcileInterval = TimeSpan.FromMinutes(10) };

    /// <summary>Starts a member, or a front end (null), whose lease ends soon.</summary>
    public static Task<EtcdMember> JoinAsync(EtcdServer etcd, string? id) => StartAsync(id, Cluster, Hasty(), etcd.Url);

    public static Task<EtcdMember> StartAsync(string? id, string cluster, EtcdOptions? options, params string[] urls) =>
        StartAsync(id, cluster, options, new KeyRing([]), urls);

    public static async Task<EtcdMember> StartAsync(string? id, string cluster, EtcdOptions? options, KeyRing keys, params string[] urls)
    {
        var member = new EtcdMember(id is null ? null : new Member(id) { StartedAt = TimeProvider.System.GetUtcNow() }, cluster, options, urls, keys);
        await member.Source.StartAsync(CancellationToken.None);
        return member;
    }

    /// <summary>Waits until exactly these are members, and until that is in <see cref="Told"/>.</summary>
    public Task SeesAsync(params string[] ids) => UntilAsync(
        () => (Told.LastOrDefault() ?? _first).Epoch.Members.Select(member => member.Id).SequenceEqual(ids.Order(StringComparer.Ordinal)),
        $"{Source.Self} to see {string.Join(", ", ids)}");

    public Task UntilAsync(Func<bool> holds, string what) => WithLogAsync(_changed.UntilAsync(holds, what, TestContext.Current.CancellationToken));

    public Task LoggedAsync(string eventName, int times = 1) =>
        UntilAsync(() => Log.Count(eventName) >= times, $"{Source.Self} to log {eventName} {times} times");

    /// <summary>The smallest number of members in any published view.</summary>
    public int FewestTold() => Told.Min(owners => owners.Epoch.Members.Count);

    public ValueTask DisposeAsync() => Source.DisposeAsync();

    private async Task WithLogAsync(Task waiting)
    {
        try
        {
            await waiting;
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}\nmembers: {Source.Owners.Epoch}\nhealth: {Source.Health}\nlog:\n{Log}");
        }
    }
}
