using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using ChunkProxy.Cache.Security;
using ChunkProxy.Cache.Sites;

namespace ChunkProxy.Web.Http.Access;

/// <summary>The signature of a URL. docs/access.md describes the scheme.</summary>
/// <remarks>
/// The MAC is HMAC-SHA256 over <c>chunkproxy-url-1</c>, <c>path</c> or <c>prefix</c>, the path or prefix in normal form, and the expiry, joined by line
/// feeds. No part can contain a line feed, so different parts never give the same message.
/// </remarks>
/// <param name="Prefix">The beginning of the paths that it is for; null: one path only.</param>
/// <param name="Expires">When it expires, in seconds since 1970.</param>
/// <param name="Mac">The MAC; null if the parameters are malformed.</param>
internal sealed record UrlSignature(string? Prefix, long Expires, byte[]? Mac)
{
    public const string ExpiresName = "cp-expires";
    public const string PrefixName = "cp-prefix";
    public const string MacName = "cp-signature";

    private const string Scheme = "chunkproxy-url-1";
    private const int LongestExpires = 12; // digits

    private static readonly UrlSignature Malformed = new(null, 0, null);

    /// <summary>Reads the signature of a target; null if it has none.</summary>
    /// <param name="pathAndQuery">Path and query in normal form.</param>
    public static UrlSignature? Read(string pathAndQuery)
    {
        string? expires = null, prefix = null, mac = null;
        var path = QueryParameters.EndOfPath(pathAndQuery);
        if (path == pathAndQuery.Length)
        {
            return null;
        }

        foreach (var parameter in pathAndQuery[(path + 1)..].Split('&').Where(IsPart))
        {
            var value = parameter.IndexOf('=', StringComparison.Ordinal) is >= 0 and var equals ? parameter[(equals + 1)..] : "";
            ref var part = ref expires;
            switch (QueryParameters.NameOf(parameter))
            {
                case PrefixName:
                    part = ref prefix;
                    break;
                case MacName:
                    part = ref mac;
                    break;
            }

            if (part is not null)
            {
                return Malformed; // repeated
            }

            part = value;
        }

        return mac is null && expires is null && prefix is null ? null : Parse(prefix, expires, mac);
    }

    /// <summary>Returns the target without the parameters of a signature, as the origin gets it.</summary>
    public static string RemoveFrom(string pathAndQuery) =>
        pathAndQuery.Contains("cp-", StringComparison.Ordinal) ? QueryParameters.Select(pathAndQuery, parameter => !IsPart(parameter)) : pathAndQuery;

    /// <summary>Returns the parameters that sign a path, or all paths with a prefix.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="scope">The path in normal form; with <paramref name="isPrefix"/> the prefix, which ends with a slash.</param>
    /// <param name="isPrefix">Whether the signature is for all paths that begin with the scope.</param>
    /// <param name="expires">When it expires, in seconds since 1970.</param>
    public static string Sign(UrlKeys keys, string scope, bool isPrefix, long expires)
    {
        var mac = Base64Url.EncodeToString(keys.Sign(MessageOf(scope, isPrefix, expires)));
        var prefix = isPrefix ? $"&{PrefixName}={Uri.EscapeDataString(scope)}" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{ExpiresName}={expires}{prefix}&{MacName}={mac}");
    }

    /// <summary>Judges a request for a path.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="path">The path in normal form, without query.</param>
    /// <param name="now">The current time.</param>
    public AccessVerdict Judge(UrlKeys keys, string path, DateTimeOffset now) =>
        Mac is null ? AccessVerdict.MalformedSignature
        : !keys.Accept(MessageOf(Prefix ?? path, Prefix is not null, Expires), Mac) ? AccessVerdict.WrongSignature
        : Prefix is not null && !path.StartsWith(Prefix, StringComparison.Ordinal) ? AccessVerdict.OtherPath
        : now.ToUnixTimeSeconds() >= Expires ? AccessVerdict.Expired
        : AccessVerdict.Admitted;

    /// <summary>Returns whether signatures may be for all paths that begin with this text.</summary>
    public static bool IsPrefix(string text) => text is ['/', ..] && text.EndsWith('/') && !text.AsSpan().ContainsAnyExceptInRange('!', '~');

    private static UrlSignature Parse(string? prefix, string? expires, string? mac)
    {
        var scope = prefix is null ? null : Uri.UnescapeDataString(prefix);
        var bytes = new byte[MacKey.Size];
        return expires is { Length: <= LongestExpires } && mac is not null && (scope is null || IsPrefix(scope))
            && long.TryParse(expires, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && mac.Length == Base64Url.GetEncodedLength(MacKey.Size)
            && Base64Url.DecodeFromChars(mac, bytes, out _, out var length) is OperationStatus.Done && length == MacKey.Size
                ? new UrlSignature(scope, seconds, bytes)
                : Malformed;
    }

    private static bool IsPart(string parameter) => QueryParameters.NameOf(parameter) is ExpiresName or PrefixName or MacName;

    private static byte[] MessageOf(string scope, bool isPrefix, long expires) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Scheme}\n{(isPrefix ? "prefix" : "path")}\n{scope}\n{expires}"));
}
