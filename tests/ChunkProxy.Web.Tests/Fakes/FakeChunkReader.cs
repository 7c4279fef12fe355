using System.Collections.Concurrent;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Lookup;

namespace ChunkProxy.Web.Tests.Fakes;

/// <summary>A scripted engine over byte arrays. Counts leases, so that a test sees one that was not returned.</summary>
internal sealed class FakeChunkReader : IChunkReader
{
    private readonly ConcurrentDictionary<string, FakeObject> _objects = new(StringComparer.Ordinal);
    private int _openLeases;

    public ConcurrentQueue<(string Path, long? FirstByte)> Finds { get; } = [];

    public ConcurrentQueue<long> Opens { get; } = [];

    public ConcurrentQueue<long> TriedHot { get; } = [];

    public ConcurrentQueue<ObjectVersion> Forgotten { get; } = [];

    public ConcurrentQueue<KeyValuePair<string, string>[]> PassThroughConditions { get; } = [];

    public Func<ObjectId, ObjectLookup?> FindScript { get; set; } = static _ => null;

    public Func<ObjectId, HttpMethod, PassedThroughAnswer> PassThroughScript { get; set; } = static (_, _) => throw new InvalidOperationException();

    /// <summary>Called for each version that is forgotten; may put another object in its place.</summary>
    public Action<ObjectVersion> OnForget { get; set; } = static _ => { };

    public int OpenLeases => Volatile.Read(ref _openLeases);

    /// <summary>Set whenever a chunk begins to open.</summary>
    public SemaphoreSlim Opening { get; } = new(0);

    public FakeObject Add(FakeObject added) => _objects[added.Id.PathAndQuery] = added;

    public ValueTask<ObjectLookup> FindAsync(ObjectId id, long? firstByte, CancellationToken cancellationToken)
    {
        Finds.Enqueue((id.PathAndQuery, firstByte));
        return new(FindScript(id) ?? (_objects.TryGetValue(id.PathAndQuery, out var found)
            ? ObjectLookup.Found(found.Version, found.AskedOrigin)
            : ObjectLookup.Failed(ProxyError.NotFound, "The origin has no such object.", 404)));
    }

    public bool TryOpen(ObjectVersion version, Slice slice, out ChunkLease lease)
    {
        TriedHot.Enqueue(slice.ChunkIndex);
        var script = ObjectOf(version).ScriptOf(slice.ChunkIndex);
        lease = script.IsHot ? Lend(version, slice, script) : default;
        return script.IsHot;
    }

    public async ValueTask<ChunkLease> OpenAsync(ObjectVersion version, Slice slice, CancellationToken cancellationToken)
    {
        Opens.Enqueue(slice.ChunkIndex);
        Opening.Release();
        var script = ObjectOf(version).ScriptOf(slice.ChunkIndex);
        await script.OpenGate.WaitAsync(cancellationToken);
        if (script.OpenError != ProxyError.None)
        {
            throw new ChunkReadException(script.OpenError, "The script says so.");
        }

        return Lend(version, slice, script);
    }

    public ValueTask<PassedThroughAnswer> PassThroughAsync(
        ObjectId id, HttpMethod method, IEnumerable<KeyValuePair<string, string>> conditions, CancellationToken cancellationToken)
    {
        PassThroughConditions.Enqueue([.. conditions]);
        return new(PassThroughScript(id, method));
    }

    public void Forget(ObjectVersion version)
    {
        Forgotten.Enqueue(version);
        OnForget(version);
    }

    public void LeaseReturned() => Interlocked.Decrement(ref _openLeases);

    public Task AllLeasesReturnedAsync() => Eventually.TrueAsync(() => OpenLeases == 0);

    private ChunkLease Lend(ObjectVersion version, Slice slice, ChunkScript script)
    {
        Interlocked.Increment(ref _openLeases);
        var chunk = ObjectOf(version).ChunkBytes(slice.ChunkIndex);
        return new ChunkLease(new FakeChunkStream(this, chunk, script, slice.Offset, slice.End, new ReadReport(script.Source, script.Collapsed)));
    }

    private FakeObject ObjectOf(ObjectVersion version)
    {
        var found = _objects[version.Id.PathAndQuery];
        return ReferenceEquals(found.Version, version) ? found : throw new InvalidOperationException("A chunk of a version that is not current was opened.");
    }
}
