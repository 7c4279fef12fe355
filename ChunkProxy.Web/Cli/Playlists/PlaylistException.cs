namespace ChunkProxy.Web.Cli.Playlists;

/// <summary>A playlist cannot be followed.</summary>
/// <param name="reason">In one line, without a full stop.</param>
internal sealed class PlaylistException(string reason) : Exception(reason);
