namespace ChunkProxy.Web.Cli.Playlists;

/// <summary>The format of a playlist.</summary>
internal enum PlaylistFormat
{
    /// <summary>HTTP Live Streaming (RFC 8216), <c>.m3u8</c>.</summary>
    Hls,

    /// <summary>MPEG-DASH (ISO/IEC 23009-1), <c>.mpd</c>.</summary>
    Dash,
}
