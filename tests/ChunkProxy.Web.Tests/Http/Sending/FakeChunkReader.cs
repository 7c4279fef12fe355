using System.Collections.Concurrent;
using System.Net;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Testing.Signals;

namespace ChunkProxy.Web.Tests.Http.Sending;

/// <summary>A scripted engine over byte arrays. Counts leases, so that a test detects one that was not returned.</summary>
internal sealed class FakeChunkReader : IChunkReader
{
    private readonly ConcurrentDictionary<string, FakeObject> _objects = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<long> _cancelled = [];
    private readonly ChangeSignal _changed = new();
    private int _openLeases;
    private int _mostLeases;
    private int _lent;

    public ConcurrentQueue<(string Path, long? FirstByte)> Finds { get; } = [];

    /// <summary>The clients of <see cref="Finds"/>.</summary>
    public ConcurrentQueue<IPAddress?> Clients { get; } = [];

    public ConcurrentQueue<long> Opens { get; } = [];

    public ConcurrentQueue<long> TriedHot { get; } = [];

    public ConcurrentQueue<ObjectVersion> Forgotten { get; } = [];

    public ConcurrentQueue<KeyValuePair<string, string>[]> PassThroughConditions { get; } = [];

    public Func<ObjectId, ObjectLookup?> FindScript { get; set; } = static _ => null;

    public Func<ObjectId, HttpMethod, PassedThroughAnswer> PassThroughScript { get; set; } = static (_, _) => throw new InvalidOperationException();

    /// <summary>For measurements: calls are not recorded and do not allocate, and only chunks in memory are available.</summary>
    public bool KeepsNoNotes { get; set; }

    /// <summary>Called for each forgotten version; may replace the object.</summary>
    public Action<ObjectVersion> OnForget { get; set; } = static _ => { };

    /// <summary>Leases handed out so far, from memory or not.</summary>
    public int Lent => Volatile.Read(ref _lent);

    public int OpenLeases => Volatile.Read(ref _openLeases);

    /// <summary>The most leases that were out at one moment.</summary>
    public int MostLeases => Volatile.Read(ref _mostLeases);

    public FakeObject Add(FakeObject added) => _objects[added.Id.PathAndQuery] = added;

    /// <summary>The result of <see cref="IsKnown"/>.</summary>
    public bool KnowsAll { get; set; } = true;

    public ConcurrentQueue<RequestFields> PassedOn { get; } = [];

    public bool IsKnown(ObjectId id, RequestFields request) => KnowsAll;

    public ValueTask<ObjectLookup> FindAsync(ObjectId id, RequestFields request, long? firstByte, IPAddress? client, CancellationToken cancellationToken)
    {
        if (KeepsNoNotes)
        {
            return new(ObjectLookup.Found(_objects[id.PathAndQuery].Version, askedOrigin: false));
        }

        Finds.Enqueue((id.PathAndQuery, firstByte));
        Clients.Enqueue(client);
        PassedOn.Enqueue(request);
        return new(FindScript(id) ?? (_objects.TryGetValue(id.PathAndQuery, out var found)
            ? found.Revalidated ? ObjectLookup.FoundAgain(found.Version) : ObjectLookup.Found(found.Version, found.AskedOrigin)
            : ObjectLookup.Failed(ProxyError.NotFound, "The origin has no such object.", 404)));
    }

    public bool TryOpen(ObjectVersion version, Slice slice, out ChunkLease lease)
    {
        if (KeepsNoNotes)
        {
            var hot = ObjectOf(version);
            lease = hot.DefaultScript.Memory!.Lend(hot, slice.ChunkIndex);
            return true;
        }

        TriedHot.Enqueue(slice.ChunkIndex);
        var script = ObjectOf(version).ScriptOf(slice.ChunkIndex);
        lease = script.IsHot ? Lend(version, slice, script) : default;
        return script.IsHot;
    }

    public async ValueTask<ChunkLease> OpenAsync(ObjectVersion version, Slice slice, IPAddress? client, CancellationToken cancellationToken)
    {
        Opens.Enqueue(slice.ChunkIndex);
        _changed.Raise();
        var script = ObjectOf(version).ScriptOf(slice.ChunkIndex);
        try
        {
            await script.OpenGate.WaitAsync(script.IgnoresCancellation ? CancellationToken.None : cancellationToken);
        }
        catch (OperationCanceledException)
        {
            _cancelled.Enqueue(slice.ChunkIndex);
            _changed.Raise();
            throw;
        }

        if (script.OpenError != ProxyError.None)
        {
            throw new ChunkReadException(script.OpenError, "The script says so.");
        }

        return Lend(version, slice, script);
    }

    public ValueTask<PassedThroughAnswer> PassThroughAsync(
        ObjectId id, HttpMethod method, IEnumerable<KeyValuePair<string, string>> conditions, IPAddress? client, CancellationToken cancellationToken)
    {
        PassThroughConditions.Enqueue([.. conditions]);
        return new(PassThroughScript(id, method));
    }

    public void Forget(ObjectVersion version)
    {
        Forgotten.Enqueue(version);
        OnForget(version);
    }

    public void LeaseReturned()
    {
        Interlocked.Decrement(ref _openLeases);
        _changed.Raise();
    }

    public Task UntilAsync(Func<bool> holds, string what) => _changed.UntilAsync(holds, what, TestContext.Current.CancellationToken);

    public Task OpeningsCancelledAsync(params long[] chunks) => UntilAsync(() => _cancelled.SequenceEqual(chunks), "the openings cancelled");

    public Task AllLeasesReturnedAsync() => UntilAsync(() => OpenLeases == 0, "all leases returned");

    private ChunkLease Lend(ObjectVersion version, Slice slice, ChunkScript script)
    {
        _mostLeases = Math.Max(_mostLeases, Interlocked.Increment(ref _openLeases));
        Interlocked.Increment(ref _lent);
        _changed.Raise();
        var from = ObjectOf(version);
        if (script.Memory is { } memory)
        {
            Interlocked.Decrement(ref _openLeases); // the memory tier counts these
            return memory.Lend(from, slice.ChunkIndex);
        }

        var chunk = from.ChunkBytes(slice.ChunkIndex);
        return new ChunkLease(new FakeChunkStream(this, chunk, script, slice.Offset, slice.End, new ReadReport(script.Source, script.Collapsed)));
    }

    private FakeObject ObjectOf(ObjectVersion version)
    {
        var found = _objects[version.Id.PathAndQuery];
        return ReferenceEquals(found.Version, version) ? found : throw new InvalidOperationException("A chunk of a version that is not current was opened.");
    }
}
