using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace ChunkProxy.Web.Cli.Playlists;

/// <summary>The variables of an HLS playlist (EXT-X-DEFINE, RFC 8216bis §4.3).</summary>
/// <param name="address">The address of the playlist, whose query parameters may be variables.</param>
/// <param name="inherited">The variables of the multivariant playlist that names this one.</param>
internal sealed class HlsVariables(Uri address, HlsVariables? inherited)
{
    // What a hostile playlist could make of a few lines.
    private const int LongestLine = 16 * 1024;

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <summary>Adds the variable that the attributes of a tag define. One without a value stays undefined.</summary>
    public void Define(IReadOnlyDictionary<string, string> attributes)
    {
        if (attributes.TryGetValue("NAME", out var name) && attributes.TryGetValue("VALUE", out var value))
        {
            _values[name] = value;
        }
        else if (attributes.TryGetValue("IMPORT", out var import) && inherited?._values.GetValueOrDefault(import) is { } imported)
        {
            _values[import] = imported;
        }
        else if (attributes.TryGetValue("QUERYPARAM", out var parameter) && QueryHelpers.ParseQuery(address.Query).TryGetValue(parameter, out var found))
        {
            _values[parameter] = found.ToString();
        }
    }

    /// <summary>Replaces <c>{$name}</c> in a line. Values are not searched again.</summary>
    /// <exception cref="PlaylistException">The result is too long.</exception>
    public string Replace(string line)
    {
        if (_values.Count == 0 || !line.Contains("{$", StringComparison.Ordinal))
        {
            return line;
        }

        var replaced = new StringBuilder();
        var i = 0;
        while (line.IndexOf("{$", i, StringComparison.Ordinal) is var start and >= 0 && line.IndexOf('}', start) is var end and >= 0)
        {
            replaced.Append(line, i, start - i).Append(_values.TryGetValue(line[(start + 2)..end], out var value) ? value : line[start..(end + 1)]);
            i = end + 1;
            if (replaced.Length > LongestLine)
            {
                throw new PlaylistException("a line is too long after its variables are replaced");
            }
        }

        return replaced.Append(line, i, line.Length - i).ToString();
    }
}
