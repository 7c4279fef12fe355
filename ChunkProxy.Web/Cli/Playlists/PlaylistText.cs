namespace ChunkProxy.Web.Cli.Playlists;

/// <summary>Text of playlists in messages.</summary>
internal static class PlaylistText
{
    private const int Longest = 60;

    /// <summary>Returns the beginning of a text.</summary>
    public static string Shorten(string text) => text.Length <= Longest ? text : text[..Longest] + "…";
}
