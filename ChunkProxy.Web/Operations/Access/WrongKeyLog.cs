using System.Net;
using ChunkProxy.Cache.Metering;

namespace ChunkProxy.Web.Operations.Access;

/// <summary>Logs attempts with wrong keys: one line per 10 s at most, with the number of attempts.</summary>
internal sealed partial class WrongKeyLog(TimeProvider time, ILogger<WrongKeyLog> log)
{
    private readonly Recurrence _attempts = new(time, TimeSpan.FromSeconds(10));

    public void Note(string method, PathString path, IPAddress? address)
    {
        if (_attempts.Happened() is > 0 and var count)
        {
            LogWrongKey(method, path, address, count);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "{Method} {Path} with a wrong admin key, from {Address}; {Count} attempts since this was last logged")]
    private partial void LogWrongKey(string method, PathString path, IPAddress? address, int count);
}
