using System.Text;
using ChunkProxy.Cache.Sites;

namespace ChunkProxy.Cache.Origin;

/// <summary>Request fields and query parameters that every request to a private origin carries. Immutable.</summary>
/// <remarks>They are secrets: the origin may repeat them in a response, but no client gets them.</remarks>
/// <param name="fields">Names and values.</param>
/// <param name="query">Parameters <c>name=value</c>.</param>
internal sealed class OriginCredentials(IReadOnlyList<KeyValuePair<string, string>> fields, IReadOnlyList<string> query)
{
    private const int Most = 16;

    // Shorter values, such as an API version, are no secrets, and occur in responses for other reasons.
    private const int ShortestSecret = 16;

    private readonly HashSet<string> _names = fields.Select(field => field.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _parameterNames = query.Select(NameOf).ToHashSet(StringComparer.Ordinal);
    private readonly string[] _secrets =
    [
        .. fields.Select(field => field.Value).Concat(query.SelectMany(SpellingsOf)).Where(value => value.Length >= ShortestSecret).Distinct(),
    ];

    public static OriginCredentials None { get; } = new([], []);

    public IReadOnlyList<KeyValuePair<string, string>> Fields => fields;

    public IReadOnlyList<string> Query => query;

    public bool AreEmpty => fields.Count == 0 && query.Count == 0;

    /// <summary>Returns whether a request field with this name is a credential.</summary>
    public bool Replace(string fieldName) => _names.Contains(fieldName);

    /// <summary>Returns a path and query with the credentials' parameters in place of those with the same names.</summary>
    public string AddTo(string pathAndQuery)
    {
        if (query.Count == 0)
        {
            return pathAndQuery;
        }

        var without = RemoveFrom(pathAndQuery);
        return $"{without}{(QueryParameters.EndOfPath(without) == without.Length ? '?' : '&')}{string.Join('&', query)}";
    }

    /// <summary>Returns a URL without the parameters that have the names of the credentials' parameters.</summary>
    public string RemoveFrom(string url)
    {
        if (query.Count == 0 || QueryParameters.EndOfPath(url) == url.Length)
        {
            return url;
        }

        var fragment = url.IndexOf('#', StringComparison.Ordinal) is >= 0 and var at ? at : url.Length;
        return QueryParameters.Select(url[..fragment], parameter => !_parameterNames.Contains(NameOf(parameter))) + url[fragment..];
    }

    /// <summary>Returns whether a text that the origin sent contains a secret.</summary>
    public bool AreIn(string text) => _secrets.Any(secret => text.Contains(secret, StringComparison.OrdinalIgnoreCase));

    /// <summary>Returns whether a body that the origin sent contains a secret.</summary>
    public bool AreIn(byte[] body) => _secrets.Length > 0 && AreIn(Encoding.Latin1.GetString(body));

    /// <summary>Reads fields, one per line. Empty lines and lines that begin with <c>#</c> are skipped.</summary>
    /// <exception cref="FormatException">A line is invalid. The message contains no value.</exception>
    public static IReadOnlyList<KeyValuePair<string, string>> FieldsIn(string text)
    {
        var read = new List<KeyValuePair<string, string>>();
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith('#')))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var name = colon < 0 ? "" : line[..colon].TrimEnd();
            var value = line[(colon + 1)..].Trim();
            if (!OriginOptionsValidator.MayBePassedOn(name) || value.Length == 0 || !FieldValue.IsSendable(value))
            {
                throw new FormatException(
                    $"field {read.Count + 1} is not a line 'Name: value' (not Range, If-…, Content-…, nor a field that the proxy sets itself)");
            }

            read.Add(new(name, value));
        }

        return read.Count <= Most ? read : throw new FormatException($"has {read.Count} fields: takes at most {Most}");
    }

    /// <summary>Reads query parameters, with or without a question mark before them.</summary>
    /// <exception cref="FormatException">The text is not a query. The message contains no value.</exception>
    public static IReadOnlyList<string> QueryIn(string text)
    {
        var line = text.Trim();
        line = line.StartsWith('?') ? line[1..] : line;
        return line.Length > 0 && line.All(c => c is > ' ' and <= '~' and not ('?' or '#'))
            ? line.Split('&', StringSplitOptions.RemoveEmptyEntries)
            : throw new FormatException("takes query parameters such as sv=2024-11-04&sig=…, percent-encoded, in one line");
    }

    private static string NameOf(string parameter) => QueryParameters.NameOf(parameter).ToString();

    // As configured, and decoded: an origin may repeat a parameter in either form.
    private static IEnumerable<string> SpellingsOf(string parameter)
    {
        var value = parameter[(parameter.IndexOf('=', StringComparison.Ordinal) + 1)..];
        return [value, Uri.UnescapeDataString(value)];
    }
}
