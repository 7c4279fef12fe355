using System.Net;
using System.Text;
using ChunkProxy.Web.Exchanges;

namespace ChunkProxy.Web.Logs;

/// <summary>An exchange that has ended, as the access log shows it.</summary>
/// <param name="Context">The request and the response.</param>
/// <param name="Exchange">Its measurements.</param>
/// <param name="Ending">How it ended.</param>
/// <param name="At">When it ended.</param>
/// <param name="Owner">The member that owns the first chunk; null if the process stands alone, or if no chunk was sent.</param>
/// <param name="Trace">The trace id; null without a trace.</param>
internal readonly record struct AccessEntry(HttpContext Context, Exchange Exchange, ResponseEnding Ending, DateTimeOffset At, string? Owner, string? Trace)
{
    private const int LongestText = 1000;

    public HttpRequest Request => Context.Request;

    public HttpResponse Response => Context.Response;

    public IPAddress? Client => Context.Connection.RemoteIpAddress;

    /// <summary>Returns a field of the request, shortened and without control characters; null if it has none.</summary>
    public string? Field(string name) => Request.Headers[name] is [{ Length: > 0 } value, ..] ? ShownText.Shorten(Decoded(value), LongestText) : null;

    /// <summary>Returns a URL of the client, with its query, or with a mark in its place.</summary>
    public static string Shown(string url, bool withQuery) => withQuery ? ShownText.Shorten(Decoded(url), LongestText) : ShownText.PathOf(Decoded(url), LongestText);

    // The server reads fields as Latin-1, to pass them on octet by octet. Browsers write UTF-8.
    private static string Decoded(string field) => Ascii.IsValid(field) ? field : Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(field));
}
