using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Web.Settings;

/// <summary>The settings for compressed playlists and captions, under <c>ChunkProxy:Compression:</c> in configuration.</summary>
internal sealed class CompressionOptions
{
    public const string Section = CacheOptions.Section + ":Compression";

    /// <summary>Whether objects of <see cref="Types"/> are sent compressed to clients that accept it.</summary>
    public bool Enabled { get; set; }

    /// <summary>Media types without parameters.</summary>
    public string Types { get; set; } = PlaylistTypes.All;

    /// <summary>Largest object that is compressed.</summary>
    [Between("1KiB", "16MiB")]
    public ByteSize MaxObjectSize { get; set; } = ByteSize.MiB(1);

    /// <summary>Memory for compressed content.</summary>
    [Between("1MiB", "1GiB")]
    public ByteSize Memory { get; set; } = ByteSize.MiB(8);
}
