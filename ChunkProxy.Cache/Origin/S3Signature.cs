using System.Globalization;
using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.Runtime.Internal.Auth;
using ChunkProxy.Cache.Metering;
using ChunkProxy.Cache.Sites;
using ChunkProxy.Cache.Telemetry;

namespace ChunkProxy.Cache.Origin;

/// <summary>Signs requests to an object store with the S3 API (AWS Signature Version 4). Requests have no content.</summary>
/// <remarks>
/// The AWS SDK keeps the credentials and computes the signature. The canonical form of the request is made here, because it must be that of the target
/// that is sent, character by character.
/// </remarks>
internal sealed class S3Signature(string region, Func<Task<ImmutableCredentials>> credentials, TimeProvider time, ILogger log) : IOriginSigner
{
    private const string Service = "s3";
    private const string DateField = "x-amz-date";
    private const string HashField = "x-amz-content-sha256";
    private const string TokenField = "x-amz-security-token";

    private static readonly string HashOfNothing = Convert.ToHexStringLower(SHA256.HashData([]));

    private readonly Recurrence _failures = new(time);
    private readonly SentSecrets _sent = new(most: 6);

    public async ValueTask<bool> TrySignAsync(HttpRequestMessage message, CancellationToken cancellationToken)
    {
        try
        {
            Sign(message, await credentials().WaitAsync(cancellationToken).ConfigureAwait(false) ?? throw new AmazonClientException("there are none"));
            return true;
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellationToken.IsCancellationRequested) // of any kind: a credential source is a plug-in of the SDK
        {
            if (_failures.Happened() is > 0 and var count)
            {
                log.NoS3Credentials(error.Message.ReplaceLineEndings(" "), count);
            }

            return false;
        }
    }

    /// <summary>Returns whether a text that the origin sent contains the access key or the session token, as its error messages do.</summary>
    public bool IsIn(string text) => _sent.AreIn(text);

    public void RemoveFrom(HttpRequestMessage message)
    {
        message.Headers.Remove("Authorization");
        message.Headers.Remove(DateField);
        message.Headers.Remove(HashField);
        message.Headers.Remove(TokenField);
    }

    /// <summary>Returns path and query as the server computes them for the comparison: decoded, and encoded again in one way; parameters sorted.</summary>
    internal static (string Path, string Query) CanonicalTargetOf(string pathAndQuery)
    {
        var end = QueryParameters.EndOfPath(pathAndQuery);
        var path = string.Join('/', Uri.UnescapeDataString(pathAndQuery[..end]).Split('/').Select(Uri.EscapeDataString));
        var query = pathAndQuery[Math.Min(end + 1, pathAndQuery.Length)..].Split('&', StringSplitOptions.RemoveEmptyEntries);
        return (path, string.Join('&', query.Select(CanonicalParameter)
            .OrderBy(static parameter => parameter.Name, StringComparer.Ordinal).ThenBy(static parameter => parameter.Value, StringComparer.Ordinal)
            .Select(static parameter => $"{parameter.Name}={parameter.Value}")));
    }

    private void Sign(HttpRequestMessage message, ImmutableCredentials secret)
    {
        RemoveFrom(message);
        var now = time.GetUtcNow().UtcDateTime;
        var uri = message.RequestUri!;
        message.Headers.TryAddWithoutValidation(HashField, HashOfNothing);
        message.Headers.TryAddWithoutValidation(DateField, now.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture));
        if (secret.UseToken)
        {
            message.Headers.TryAddWithoutValidation(TokenField, secret.Token);
        }

        _sent.Add(secret.AccessKey, secret.UseToken ? secret.Token : null);
        var host = uri.HostNameType is UriHostNameType.IPv6 ? uri.Host : uri.IdnHost; // the former has brackets
        List<(string Name, string Value)> fields =
        [
            ("host", message.Headers.Host ?? (uri.IsDefaultPort ? host : $"{host}:{uri.Port}")),
            .. message.Headers.NonValidated.Where(static field => field.Key.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase))
                .Select(static field => (field.Key.ToLowerInvariant(), string.Join(',', field.Value.Select(static value => value.Trim())))).OrderBy(static field => field.Item1, StringComparer.Ordinal),
        ];

        var signedNames = string.Join(';', fields.Select(static field => field.Name));
        var (path, query) = CanonicalTargetOf(uri.PathAndQuery);
        var canonical = $"{message.Method.Method}\n{path}\n{query}\n{string.Concat(fields.Select(static field => $"{field.Name}:{field.Value}\n"))}\n{signedNames}\n{HashOfNothing}";
        var signature = AWS4Signer.ComputeSignature(secret.AccessKey, secret.SecretKey, region, now, Service, signedNames, canonical);
        message.Headers.TryAddWithoutValidation("Authorization", signature.ForAuthorizationHeader);
    }

    private static (string Name, string Value) CanonicalParameter(string parameter)
    {
        var name = QueryParameters.NameOf(parameter);
        var value = parameter.AsSpan(Math.Min(name.Length + 1, parameter.Length));
        return (Encode(name), Encode(value));

        static string Encode(ReadOnlySpan<char> text) => Uri.EscapeDataString(Uri.UnescapeDataString(text.ToString()));
    }
}
