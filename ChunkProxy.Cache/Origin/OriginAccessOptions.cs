using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Cache.Origin;

/// <summary>What a private origin requires in every request, under <c>ChunkProxy:OriginAccess</c> in configuration.</summary>
[Inheritance(Inheritance.None)]
public sealed class OriginAccessOptions
{
    public const string Section = CacheOptions.Section + ":OriginAccess";

    /// <summary>Request fields, one <c>Name: value</c> per line. They replace those of the client.</summary>
    public string? Fields { get; set; }

    /// <summary>File with request fields in the same form, read again while the process runs.</summary>
    public string? FieldsFile { get; set; }

    /// <summary>Query parameters to append to the query of the client, <c>name=value&amp;name=value</c>. They replace those of the client.</summary>
    public string? Query { get; set; }

    /// <summary>File with query parameters in the same form, read again while the process runs.</summary>
    public string? QueryFile { get; set; }

    /// <summary>
    /// Region of an object store with the S3 API, such as <c>eu-central-1</c>; <c>us-east-1</c> for most stores other than AWS. With it, requests are
    /// signed (AWS Signature Version 4).
    /// </summary>
    public string? S3Region { get; set; }

    /// <summary>File with access keys in the format of <c>~/.aws/credentials</c>. Default: the places where the AWS tools look.</summary>
    public string? S3CredentialsFile { get; set; }

    /// <summary>Profile in the file.</summary>
    public string? S3Profile { get; set; }

    /// <summary>
    /// Where the Azure SDK finds the identity for Azure Blob Storage: requests then carry its tokens (Microsoft Entra ID). Null: no tokens.
    /// </summary>
    public AzureIdentity? AzureIdentity { get; set; }

    /// <summary>Client ID of a user-assigned managed identity, or of a workload identity. Null: that of the machine or the environment.</summary>
    public string? AzureClientId { get; set; }

    /// <summary>The files are read again for the first request after this time.</summary>
    [Between("1 s", "1 h")]
    public TimeSpan RereadAfter { get; set; } = TimeSpan.FromSeconds(5);
}
