using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Purges;

namespace ChunkProxy.Web.Http.Compression;

/// <summary>Compressed content of small objects, within a memory budget. Each version is compressed once per coding.</summary>
/// <remarks>
/// The number of compressions in progress is limited, and nobody waits for one: while a version is being compressed, and while the limit is
/// reached, other clients get the bytes as they are.
/// </remarks>
/// <param name="budget">Bytes of all compressed content.</param>
/// <param name="maxInProgress">Most compressions at one time.</param>
internal sealed class CompressedContents(long budget, int maxInProgress) : IDerivedContent
{
    private const int Overhead = 200; // bytes beside the content of an entry
    private const int GzipLevel = 6;
    private const int BrotliQuality = 5; // 100 KiB of a playlist take about 2 ms; 11 takes 100 times as long
    private const int BrotliWindow = 20; // 1 MiB

    private readonly Lock _gate = new(); // guards all below
    private readonly Dictionary<(Hash128 Version, ContentCoding Coding), LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byUse = []; // the last used first
    private readonly HashSet<(Hash128 Version, ContentCoding Coding)> _inProgress = [];
    private long _bytes;

    /// <summary>Bytes of all compressed content, with what each entry costs beside it.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _bytes;
            }
        }
    }

    /// <summary>Finds content. An empty content means that compression does not make this version smaller.</summary>
    public bool TryGet(Hash128 version, ContentCoding coding, [NotNullWhen(true)] out byte[]? content)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue((version, coding), out var entry))
            {
                content = null;
                return false;
            }

            _byUse.Remove(entry);
            _byUse.AddFirst(entry);
            content = entry.Value.Content;
            return true;
        }
    }

    /// <summary>Begins a compression. Returns false if it is in progress already, or too many are. Then the bytes are sent as they are.</summary>
    public bool TryBegin(Hash128 version, ContentCoding coding)
    {
        lock (_gate)
        {
            return _inProgress.Count < maxInProgress && _inProgress.Add((version, coding));
        }
    }

    /// <summary>Ends a compression that has begun, whatever its result.</summary>
    public void End(Hash128 version, ContentCoding coding)
    {
        lock (_gate)
        {
            _inProgress.Remove((version, coding));
        }
    }

    /// <summary>Compresses and keeps the content. Off the caller's thread, which may serve sockets.</summary>
    /// <returns>The compressed content; empty if it would not be smaller.</returns>
    public async Task<byte[]> CompressAsync(Hash128 version, ContentCoding coding, ReadOnlyMemory<byte> content)
    {
        var compressed = await Task.Run(() => Compress(coding, content.Span));
        Keep((version, coding), compressed);
        return compressed;
    }

    public void Clear()
    {
        lock (_gate)
        {
            _entries.Clear();
            _byUse.Clear();
            _bytes = 0;
        }
    }

    private static byte[] Compress(ContentCoding coding, ReadOnlySpan<byte> content)
    {
        var compressed = coding == ContentCoding.Brotli ? Brotli(content) : Gzip(content);
        return compressed.Length < content.Length ? compressed : [];
    }

    private static byte[] Brotli(ReadOnlySpan<byte> content)
    {
        var destination = new byte[BrotliEncoder.GetMaxCompressedLength(content.Length)];
        return BrotliEncoder.TryCompress(content, destination, out var length, BrotliQuality, BrotliWindow)
            ? destination[..length]
            : throw new InvalidOperationException("The destination is too small.");
    }

    private static byte[] Gzip(ReadOnlySpan<byte> content)
    {
        using var destination = new MemoryStream();
        using (var gzip = new GZipStream(destination, new ZLibCompressionOptions { CompressionLevel = GzipLevel }, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return destination.ToArray();
    }

    private void Keep((Hash128 Version, ContentCoding Coding) key, byte[] content)
    {
        lock (_gate)
        {
            if (_entries.ContainsKey(key) || Cost(content) > budget)
            {
                return;
            }

            _entries[key] = _byUse.AddFirst(new Entry(key, content));
            _bytes += Cost(content);
            while (_bytes > budget)
            {
                var last = _byUse.Last!.Value;
                _byUse.RemoveLast();
                _entries.Remove(last.Key);
                _bytes -= Cost(last.Content);
            }
        }
    }

    private static long Cost(byte[] content) => content.Length + Overhead;

    private sealed record Entry((Hash128 Version, ContentCoding Coding) Key, byte[] Content);
}
