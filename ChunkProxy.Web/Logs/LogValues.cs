using System.Globalization;
using ChunkProxy.Web.Exchanges;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace ChunkProxy.Web.Logs;

/// <summary>All values of access log lines.</summary>
internal static class LogValues
{
    public static IReadOnlyList<LogValue> All { get; } =
    [
        Text("time", entry => entry.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)),
        Text("client", entry => entry.Client?.ToString()),
        Text("host", entry => entry.Field(HeaderNames.Host)),
        Text("method", entry => ShownText.Shorten(entry.Request.Method, 50)),
        new("target", IsNumber: false, (entry, withQuery) => AccessEntry.Shown(entry.Context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, withQuery)),
        Text("protocol", entry => entry.Request.Protocol),
        Number("status", entry => entry.Response.StatusCode),
        Number("bytes", entry => entry.Exchange.BytesSent),
        Text("range", entry => entry.Field(HeaderNames.Range)),
        new("referer", IsNumber: false, (entry, withQuery) => entry.Request.Headers.Referer is [{ Length: > 0 } url, ..] ? AccessEntry.Shown(url, withQuery) : null),
        Text("agent", entry => entry.Field(HeaderNames.UserAgent)),
        Seconds("seconds", entry => entry.Exchange.Total),
        Seconds("waited", entry => entry.Exchange.Waited),
        Text("cache", entry => entry.Response.Headers[CacheStatus.FieldName] is [.., { Length: > 0 } did] ? did : null),
        Text("tier", entry => entry.Exchange.Sources is { Count: > 0 } sources ? string.Join('+', sources) : null),
        Text("owner", entry => entry.Owner),
        Text("trace", entry => entry.Trace),
        Text("ending", entry => entry.Ending.ToString()),
        Text("refusal", entry => entry.Exchange.Refusal),
    ];

    public static LogValue? Find(string name) => All.FirstOrDefault(value => value.Name == name);

    private static LogValue Text(string name, Func<AccessEntry, string?> of) => new(name, IsNumber: false, (entry, _) => of(entry));

    private static LogValue Number(string name, Func<AccessEntry, long> of) => new(name, IsNumber: true, (entry, _) => of(entry).ToString(CultureInfo.InvariantCulture));

    private static LogValue Seconds(string name, Func<AccessEntry, TimeSpan> of) =>
        new(name, IsNumber: true, (entry, _) => of(entry).TotalSeconds.ToString("0.000000", CultureInfo.InvariantCulture));
}
