using Azure.Core;
using Azure.Identity;

namespace ChunkProxy.Cache.Origin;

/// <summary>Credentials of the Azure SDK for Blob Storage.</summary>
internal static class AzureCredentials
{
    // The same for all accounts of all regions.
    private static readonly TokenRequestContext Storage = new(["https://storage.azure.com/.default"]);

    /// <summary>Returns a source of tokens. It is asked for the first one with the first request.</summary>
    public static Func<CancellationToken, Task<AccessToken>> Of(AzureIdentity kind, string? clientId)
    {
        var credential = Create(kind, string.IsNullOrEmpty(clientId) ? null : clientId);
        return async cancellationToken => await credential.GetTokenAsync(Storage, cancellationToken).ConfigureAwait(false);
    }

    private static TokenCredential Create(AzureIdentity kind, string? clientId) => kind switch
    {
        AzureIdentity.Environment => new EnvironmentCredential(),
        AzureIdentity.WorkloadIdentity => new WorkloadIdentityCredential(WithClient(clientId)),
        AzureIdentity.ManagedIdentity => new ManagedIdentityCredential(clientId is null ? ManagedIdentityId.SystemAssigned : ManagedIdentityId.FromUserAssignedClientId(clientId)),
        AzureIdentity.AzureCli => new AzureCliCredential(),
        _ => new DefaultAzureCredential(DefaultWithClient(clientId)),
    };

    // Without a client, the options keep what they read from the environment (AZURE_CLIENT_ID).
    private static WorkloadIdentityCredentialOptions WithClient(string? clientId)
    {
        var options = new WorkloadIdentityCredentialOptions();
        options.ClientId = clientId ?? options.ClientId;
        return options;
    }

    private static DefaultAzureCredentialOptions DefaultWithClient(string? clientId)
    {
        var options = new DefaultAzureCredentialOptions();
        options.ManagedIdentityClientId = clientId ?? options.ManagedIdentityClientId;
        options.WorkloadIdentityClientId = clientId ?? options.WorkloadIdentityClientId;
        return options;
    }
}
