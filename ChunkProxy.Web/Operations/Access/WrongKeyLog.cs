using System.Net;

namespace ChunkProxy.Web.Operations.Access;

/// <summary>Logs attempts with wrong keys: one line per 10 s at most, with the number of attempts not logged.</summary>
internal sealed partial class WrongKeyLog(TimeProvider time, ILogger<WrongKeyLog> log)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private long? _saidAt; // guarded by _gate
    private int _unsaid; // guarded by _gate

    public void Note(string method, PathString path, IPAddress? address)
    {
        int unsaid;
        lock (_gate)
        {
            if (_saidAt is { } last && time.GetElapsedTime(last) < Quiet)
            {
                _unsaid++;
                return;
            }

            _saidAt = time.GetTimestamp();
            (unsaid, _unsaid) = (_unsaid, 0);
        }

        LogWrongKey(method, path, address, unsaid);
    }

    [LoggerMessage(1, LogLevel.Warning, "{Method} {Path} with a wrong admin key, from {Address}; {Count} more since the last such line")]
    private partial void LogWrongKey(string method, PathString path, IPAddress? address, int count);
}
