namespace ChunkProxy.Cache.Origin;

/// <summary>The media types of playlists and captions: texts that change while a film is live, and are small beside it.</summary>
internal static class PlaylistTypes
{
    /// <summary>HLS and DASH playlists, WebVTT, SRT and TTML, as a setting has them.</summary>
    public const string All =
        "application/vnd.apple.mpegurl, application/x-mpegurl, audio/mpegurl, audio/x-mpegurl, application/dash+xml, text/vtt, application/x-subrip, application/ttml+xml";
}
