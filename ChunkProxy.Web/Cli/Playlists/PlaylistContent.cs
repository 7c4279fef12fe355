namespace ChunkProxy.Web.Cli.Playlists;

/// <summary>What a playlist names.</summary>
/// <param name="Playlists">Other playlists.</param>
/// <param name="Objects">Segments, initialization segments, keys and subtitles.</param>
/// <param name="OtherSchemes">URIs that are not fetched by HTTP, such as <c>data:</c> and <c>skd:</c>.</param>
/// <param name="IsLive">Whether it may name more later.</param>
internal sealed record PlaylistContent(IReadOnlyList<Uri> Playlists, IReadOnlyList<ObjectReference> Objects, int OtherSchemes, bool IsLive);
