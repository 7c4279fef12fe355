using System.Globalization;

namespace ChunkProxy.Testing.Nginx;

/// <summary>One line of nginx's access log, written when the request ended.</summary>
/// <param name="Path">The path as requested, with the query.</param>
/// <param name="BodyBytes">Body bytes that nginx passed to the kernel.</param>
/// <param name="Range">The Range field, or null.</param>
public sealed record NginxRequest(string Method, string Path, int Status, long BodyBytes, string? Range)
{
    internal const string Prefix = "request|";
    internal const string LogFormat = Prefix + "$request_method|$request_uri|$status|$body_bytes_sent|$http_range";

    internal static NginxRequest Parse(string line)
    {
        var fields = line.Split('|');
        return new NginxRequest(
            fields[1],
            fields[2],
            int.Parse(fields[3], CultureInfo.InvariantCulture),
            long.Parse(fields[4], CultureInfo.InvariantCulture),
            fields[5] is "-" or "" ? null : fields[5]);
    }
}
