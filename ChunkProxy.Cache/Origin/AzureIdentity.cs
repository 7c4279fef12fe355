namespace ChunkProxy.Cache.Origin;

/// <summary>Where the Azure SDK finds the identity that reads an origin.</summary>
public enum AzureIdentity
{
    /// <summary>Where <c>DefaultAzureCredential</c> looks: the environment, a workload identity, the machine's managed identity, the Azure CLI and other tools of developers.</summary>
    Default,

    /// <summary>The variables <c>AZURE_TENANT_ID</c>, <c>AZURE_CLIENT_ID</c>, and <c>AZURE_CLIENT_SECRET</c> or a certificate.</summary>
    Environment,

    /// <summary>The service account of a pod in Kubernetes.</summary>
    WorkloadIdentity,

    /// <summary>The managed identity of a machine, container or app in Azure.</summary>
    ManagedIdentity,

    /// <summary>The account that is signed in with the Azure CLI.</summary>
    AzureCli,
}
