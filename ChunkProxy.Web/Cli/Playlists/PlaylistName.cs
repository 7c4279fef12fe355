namespace ChunkProxy.Web.Cli.Playlists;

/// <summary>Tells playlists from other objects by their names.</summary>
internal static class PlaylistName
{
    /// <summary>Returns the format that the path of the name ends with; null if it is not a playlist.</summary>
    /// <param name="name">A path or a URL.</param>
    public static PlaylistFormat? FormatOf(string name)
    {
        var path = name.AsSpan();
        if (path.IndexOf('?') is var query and >= 0)
        {
            path = path[..query];
        }

        return path.EndsWith(".m3u8", StringComparison.OrdinalIgnoreCase) ? PlaylistFormat.Hls
            : path.EndsWith(".mpd", StringComparison.OrdinalIgnoreCase) ? PlaylistFormat.Dash
            : null;
    }
}
