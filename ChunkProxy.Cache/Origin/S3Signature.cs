using System.Globalization;
using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.Runtime.Internal.Auth;
using ChunkProxy.Cache.Sites;

namespace ChunkProxy.Cache.Origin;

/// <summary>Signs requests to an object store with the S3 API (AWS Signature Version 4). Requests have no content.</summary>
/// <remarks>
/// The AWS SDK keeps the credentials and computes the signature. The canonical form of the request is made here, because it must be that of the target
/// that is sent, character by character.
/// </remarks>
internal sealed class S3Signature(string region, AWSCredentials credentials, TimeProvider time)
{
    private const string Service = "s3";
    private const string DateField = "x-amz-date";
    private const string HashField = "x-amz-content-sha256";
    private const string TokenField = "x-amz-security-token";

    private static readonly string HashOfNothing = Convert.ToHexStringLower(SHA256.HashData([]));

    private volatile string[] _sent = []; // what a response may repeat and no client may get

    /// <summary>Adds the signature to a request. The request must not change its target or host afterwards.</summary>
    /// <exception cref="AmazonClientException">There are no credentials.</exception>
    public async ValueTask SignAsync(HttpRequestMessage message)
    {
        RemoveFrom(message);
        var secret = await credentials.GetCredentialsAsync().ConfigureAwait(false) ?? throw new AmazonClientException("there are no credentials");
        var now = time.GetUtcNow().UtcDateTime;
        var uri = message.RequestUri!;
        List<(string Name, string Value)> fields =
        [
            ("host", uri.IsDefaultPort ? uri.IdnHost : $"{uri.IdnHost}:{uri.Port}"),
            (HashField, HashOfNothing),
            (DateField, now.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)),
        ];
        if (secret.UseToken)
        {
            fields.Add((TokenField, secret.Token));
        }

        _sent = secret.UseToken ? [secret.AccessKey, secret.Token] : [secret.AccessKey];

        var signedNames = string.Join(';', fields.Select(static field => field.Name));
        var (path, query) = CanonicalTargetOf(uri.PathAndQuery);
        var canonical = $"{message.Method.Method}\n{path}\n{query}\n{string.Concat(fields.Select(static field => $"{field.Name}:{field.Value}\n"))}\n{signedNames}\n{HashOfNothing}";
        var signature = AWS4Signer.ComputeSignature(secret.AccessKey, secret.SecretKey, region, now, Service, signedNames, canonical);
        foreach (var (name, value) in fields.Skip(1))
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        message.Headers.TryAddWithoutValidation("Authorization", signature.ForAuthorizationHeader);
    }

    /// <summary>Returns whether a text that the origin sent contains the access key or the session token, as its error messages do.</summary>
    public bool IsIn(string text) => Array.Exists(_sent, sent => text.Contains(sent, StringComparison.Ordinal));

    /// <summary>Removes a signature, as before a redirect to another host.</summary>
    public static void RemoveFrom(HttpRequestMessage message)
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
        return (path, string.Join('&', query.Select(CanonicalParameter).Order(StringComparer.Ordinal)));
    }

    private static string CanonicalParameter(string parameter)
    {
        var name = QueryParameters.NameOf(parameter);
        var value = parameter.AsSpan(Math.Min(name.Length + 1, parameter.Length));
        return $"{Encode(name)}={Encode(value)}";

        static string Encode(ReadOnlySpan<char> text) => Uri.EscapeDataString(Uri.UnescapeDataString(text.ToString()));
    }
}
