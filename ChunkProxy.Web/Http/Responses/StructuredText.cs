using System.Text;

namespace ChunkProxy.Web.Http.Responses;

/// <summary>Writes strings of structured fields (RFC 9651 §3.3.3).</summary>
internal static class StructuredText
{
    /// <summary>Appends a text as a string. Other characters than those of ASCII become question marks.</summary>
    public static StringBuilder AppendText(this StringBuilder field, string text)
    {
        field.Append('"');
        foreach (var c in text)
        {
            _ = c is '"' or '\\' ? field.Append('\\').Append(c) : field.Append(c is >= ' ' and <= '~' ? c : '?');
        }

        return field.Append('"');
    }
}
