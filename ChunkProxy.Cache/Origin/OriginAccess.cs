using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Telemetry;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Origin;

/// <summary>The current <see cref="OriginCredentials"/>, from configuration or from files that are read again.</summary>
internal sealed class OriginAccess
{
    private readonly Func<IReadOnlyList<KeyValuePair<string, string>>> _fields;
    private readonly Func<IReadOnlyList<string>> _query;
    private readonly Lock _gate = new();
    private OriginCredentials _current = OriginCredentials.None; // under _gate
    private OriginCredentials _before = OriginCredentials.None; // under _gate

    public OriginAccess(IOptions<OriginAccessOptions> options, TimeProvider time, ILogger<OriginAccess> log, string? scope = null)
    {
        var settings = options.Value;
        var section = SettingScope.Of(scope, OriginAccessOptions.Section);
        _fields = Source(settings.Fields, settings.FieldsFile, OriginCredentials.FieldsIn, [], settings.RereadAfter, $"{section}:{nameof(OriginAccessOptions.FieldsFile)}", time, log);
        _query = Source(settings.Query, settings.QueryFile, OriginCredentials.QueryIn, [], settings.RereadAfter, $"{section}:{nameof(OriginAccessOptions.QueryFile)}", time, log);
        Signature = settings.S3Region is { Length: > 0 } ? SignatureOf(settings, time, log) : settings.AzureIdentity is { } kind ? TokenOf(kind, settings, time, log) : null;
    }

    /// <summary>Signs the requests to an object store; null if the origin is none.</summary>
    public IOriginSigner? Signature { get; }

    /// <summary>The credentials for the next request.</summary>
    public OriginCredentials Current
    {
        get
        {
            var (fields, query) = (_fields(), _query());
            lock (_gate)
            {
                if (!ReferenceEquals(fields, _current.Fields) || !ReferenceEquals(query, _current.Query))
                {
                    _before = _current;
                    _current = new OriginCredentials(fields, query);
                }

                return _current;
            }
        }
    }

    /// <summary>Returns the value of a response field without the credentials; null if it contains them in a form that cannot be removed.</summary>
    /// <remarks>Covers the credentials before the last change too: a response may be to an earlier request.</remarks>
    public string? Cleaned(string field, string value)
    {
        if (Signature?.IsIn(value) == true)
        {
            return null;
        }

        var (current, before) = Both();
        if (current.AreEmpty && before.AreEmpty)
        {
            return value;
        }

        var clean = IsUrl(field) ? before.RemoveFrom(current.RemoveFrom(value)) : value;
        return current.AreIn(clean) || before.AreIn(clean) ? null : clean;
    }

    /// <summary>Returns whether a body that the origin sent contains credentials.</summary>
    public bool AreIn(byte[] body)
    {
        var (current, before) = Both();
        return current.AreIn(body) || before.AreIn(body) || Signature?.IsIn(Encoding.Latin1.GetString(body)) == true;
    }

    // A method of its own: the AWS SDK is loaded with it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static S3Signature SignatureOf(OriginAccessOptions settings, TimeProvider time, ILogger log) =>
        new(settings.S3Region!, new S3Credentials(settings, time).CurrentAsync, time, log);

    // A method of its own: the Azure SDK is loaded with it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    [SuppressMessage("Performance", "CA1859", Justification = "The caller would load the type, which has a structure of the Azure SDK.")]
    private static IOriginSigner TokenOf(AzureIdentity kind, OriginAccessOptions settings, TimeProvider time, ILogger log) =>
        new AzureToken(AzureCredentials.Of(kind, settings.AzureClientId), time, log);

    private (OriginCredentials Current, OriginCredentials Before) Both()
    {
        lock (_gate)
        {
            return (_current, _before);
        }
    }

    private static bool IsUrl(string field) =>
        field.Equals("Location", StringComparison.OrdinalIgnoreCase) || field.Equals("Content-Location", StringComparison.OrdinalIgnoreCase);

    private static Func<T> Source<T>(
        string? text, string? path, Func<string, T> parse, T none, TimeSpan interval, string key, TimeProvider time, ILogger log)
        where T : class
    {
        if (string.IsNullOrEmpty(path))
        {
            var value = string.IsNullOrEmpty(text) ? none : parse(text);
            return () => value;
        }

        var file = new RereadFile<T>(path, parse, interval, reason => log.OldCredentials(key, reason), time);
        return () => file.Value;
    }
}
