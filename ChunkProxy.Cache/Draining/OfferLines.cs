using System.Globalization;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Sites;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Draining;

/// <summary>The lines of an offer, one for each chunk: index, token of the version, and key of the object.</summary>
internal sealed class OfferLines(SiteTable sites, IOptions<CacheOptions> cache)
{
    /// <summary>Upper bound of a line, in characters.</summary>
    public const int Longest = 16 * 1024;

    private readonly int _chunkSize = (int)cache.Value.ChunkSize;

    public static string Write(Chunk chunk) =>
        string.Create(CultureInfo.InvariantCulture, $"{chunk.Index} {chunk.Version.Token} {chunk.Version.Id.Text}\n");

    /// <summary>Returns the chunk of a line; null if the line is invalid.</summary>
    public Chunk? Read(string line) =>
        line.Split(' ', 3) is [var index, var token, var text]
        && long.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && sites.Read(text) is { } id
        && VersionToken.TryRead(token, id, _chunkSize) is { } version
        && number < version.Layout.ChunkCount
            ? version.Chunk(number)
            : null;
}
