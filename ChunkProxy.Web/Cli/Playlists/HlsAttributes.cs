namespace ChunkProxy.Web.Cli.Playlists;

/// <summary>The attribute list of an HLS tag (RFC 8216 §4.2).</summary>
internal static class HlsAttributes
{
    /// <summary>Parses a list such as <c>BANDWIDTH=800000,URI="a,b"</c>. What is malformed ends it.</summary>
    public static IReadOnlyDictionary<string, string> Parse(string list)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < list.Length;)
        {
            var equals = list.IndexOf('=', i);
            if (equals < 0)
            {
                break;
            }

            var name = list[i..equals].Trim();
            i = equals + 1;
            int end;
            if (i < list.Length && list[i] == '"')
            {
                end = list.IndexOf('"', i + 1);
                if (end < 0)
                {
                    break;
                }

                attributes[name] = list[(i + 1)..end];
                end = list.IndexOf(',', end);
            }
            else
            {
                end = list.IndexOf(',', i);
                attributes[name] = (end < 0 ? list[i..] : list[i..end]).Trim();
            }

            i = end < 0 ? list.Length : end + 1;
        }

        return attributes;
    }
}
