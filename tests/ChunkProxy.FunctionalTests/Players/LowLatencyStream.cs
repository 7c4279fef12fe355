using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using ChunkProxy.Testing.Signals;
using Microsoft.AspNetCore.Http;

namespace ChunkProxy.FunctionalTests.Players;

/// <summary>
/// A low-latency HLS stream (RFC 8216bis) with parts of half a second, blocking playlist reload and preload hints. A part exists when the test
/// releases it.
/// </summary>
internal sealed class LowLatencyStream
{
    public const int PartsPerSegment = 4;
    public const double PartSeconds = 0.5;

    private readonly ChangeSignal _changed = new();
    private readonly List<int> _blocked = []; // also the lock that guards it: the part that each blocked reload has waited for
    private readonly ReadOnlyMemory<byte> _initial;
    private readonly IReadOnlyList<ReadOnlyMemory<byte>> _parts;
    private readonly bool _statesLength;
    private readonly string _path;
    private int _released;

    /// <param name="origin">The server.</param>
    /// <param name="name">The name of the stream at the server.</param>
    /// <param name="film">The fragmented MP4.</param>
    /// <param name="statesLength">Whether playlists have a <c>Content-Length</c>.</param>
    public LowLatencyStream(FilmOrigin origin, string name, byte[] film, bool statesLength = true)
    {
        _statesLength = statesLength;
        (_initial, _parts) = Split(film);
        _path = origin.Add(name, AnswerAsync);
    }

    /// <summary>The path of the playlist.</summary>
    public string Playlist => _path[1..] + "film.m3u8";

    /// <summary>The parts released so far.</summary>
    public int Released => Volatile.Read(ref _released);

    /// <summary>The part that each blocked playlist reload has waited for, in the order in which they came.</summary>
    public IReadOnlyList<int> Blocked
    {
        get
        {
            lock (_blocked)
            {
                return [.. _blocked];
            }
        }
    }

    /// <summary>Returns the bytes of a part.</summary>
    public ReadOnlyMemory<byte> Part(int number) => _parts[number];

    public void Release(int parts = 1)
    {
        Interlocked.Add(ref _released, parts);
        _changed.Raise();
    }

    /// <summary>Waits until a playlist reload waits for the next part, or one after it.</summary>
    public Task WhenBlockedAsync(CancellationToken cancellationToken) =>
        _changed.UntilAsync(() => Blocked.Any(part => part >= Released), $"a reload that waits for part {Released}", cancellationToken);

    private async Task AnswerAsync(HttpContext context, string file)
    {
        var response = context.Response;
        if (file == "film.m3u8")
        {
            var query = context.Request.Query;
            if (query.TryGetValue("_HLS_msn", out var segment))
            {
                var part = query.TryGetValue("_HLS_part", out var within) ? Number(within) : PartsPerSegment - 1;
                await BlockAsync((Number(segment) * PartsPerSegment) + part, context.RequestAborted);
            }

            response.Headers.CacheControl = query.Count > 0 ? "max-age=12" : "max-age=1"; // six target durations, for a playlist that does not change any more
            response.ContentType = "application/vnd.apple.mpegurl";
            await SendAsync(response, Encoding.ASCII.GetBytes(PlaylistAt(Released)), _statesLength);
            return;
        }

        response.Headers.CacheControl = "max-age=3600";
        response.ContentType = "video/mp4";
        if (file == "init.mp4")
        {
            await SendAsync(response, _initial, statesLength: true);
        }
        else if (file.StartsWith("part", StringComparison.Ordinal))
        {
            var number = Number(file["part".Length..^".m4s".Length]);
            await _changed.UntilAsync(() => Released > number, $"part {number}", context.RequestAborted); // a preload hint
            await SendAsync(response, _parts[number], statesLength: true);
        }
        else
        {
            var first = Number(file["segment".Length..^".m4s".Length]) * PartsPerSegment;
            await SendAsync(response, _parts.Skip(first).Take(PartsPerSegment).SelectMany(part => part.ToArray()).ToArray(), statesLength: true);
        }
    }

    private async Task BlockAsync(int part, CancellationToken cancellationToken)
    {
        if (part < Released)
        {
            return;
        }

        lock (_blocked)
        {
            _blocked.Add(part);
        }

        _changed.Raise();
        await _changed.UntilAsync(() => Released > part, $"part {part}", cancellationToken);
    }

    private static async Task SendAsync(HttpResponse response, ReadOnlyMemory<byte> content, bool statesLength)
    {
        response.ContentLength = statesLength ? content.Length : null;
        await response.Body.WriteAsync(content, response.HttpContext.RequestAborted);
    }

    private static string PlaylistAt(int released)
    {
        var playlist = new StringBuilder(
            "#EXTM3U\n#EXT-X-VERSION:9\n#EXT-X-TARGETDURATION:2\n#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.5\n#EXT-X-PART-INF:PART-TARGET=0.5\n"
            + "#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-MAP:URI=\"init.mp4\"\n");
        for (var part = 0; part < released; part++)
        {
            var isIndependent = part % 2 == 0; // a key frame each second
            playlist.Append(CultureInfo.InvariantCulture, $"#EXT-X-PART:DURATION=0.5,URI=\"part{part}.m4s\"{(isIndependent ? ",INDEPENDENT=YES" : "")}\n");
            if (part % PartsPerSegment == PartsPerSegment - 1)
            {
                playlist.Append(CultureInfo.InvariantCulture, $"#EXTINF:2.0,\nsegment{part / PartsPerSegment}.m4s\n");
            }
        }

        return playlist.Append(CultureInfo.InvariantCulture, $"#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"part{released}.m4s\"\n").ToString();
    }

    private static int Number(string? text) => int.Parse(text!, CultureInfo.InvariantCulture);

    // The boxes before the first fragment, and each fragment: moof with its mdat (ISO/IEC 14496-12 §8.8).
    private static (ReadOnlyMemory<byte> Initial, IReadOnlyList<ReadOnlyMemory<byte>> Parts) Split(byte[] film)
    {
        List<int> starts = [];
        var end = 0;
        while (end < film.Length)
        {
            var name = Encoding.ASCII.GetString(film, end + 4, 4);
            if (name == "moof")
            {
                starts.Add(end);
            }
            else if (name == "mfra")
            {
                break;
            }

            end += BinaryPrimitives.ReadInt32BigEndian(film.AsSpan(end));
        }

        return (film.AsMemory(0, starts[0]), [.. starts.Zip(starts.Skip(1).Append(end), (from, to) => (ReadOnlyMemory<byte>)film.AsMemory(from, to - from))]);
    }
}
