package dev.lanyard.conformance;

import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import com.azure.identity.DefaultAzureCredentialBuilder;
import com.azure.identity.ManagedIdentityCredentialBuilder;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.aad.msal4j.ManagedIdentityApplication;
import com.microsoft.aad.msal4j.ManagedIdentityId;
import com.microsoft.aad.msal4j.ManagedIdentityParameters;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Asks for tokens with the real Java SDKs: one request a line of JSON in, one outcome a line of JSON out. */
public final class Client {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param reuse names a token source that later requests ask with again */
    record Request(String client, Selector selector, String resource, String reuse) {}

    record Selector(String by, String value) {}

    /** @param expiresOn seconds since the epoch */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Outcome(String token, Long expiresOn, Failure error) {
        static Outcome token(String token, long expiresOn) {
            return new Outcome(token, expiresOn, null);
        }

        /** With the messages of its causes, as a stack trace shows them: the SDK has the endpoint's own words there. */
        static Outcome failure(Throwable error) {
            var messages = Stream.iterate(error, Objects::nonNull, Throwable::getCause).map(Throwable::getMessage);
            var message = messages.collect(Collectors.joining("\nCaused by: "));
            return new Outcome(null, null, new Failure(error.getClass().getSimpleName(), message));
        }
    }

    record Failure(String name, String message) {}

    /** What every SDK's client does, whatever it is called there. */
    @FunctionalInterface
    interface TokenSource {
        Outcome getToken(String resource) throws Exception;
    }

    static final class NotOffered extends RuntimeException {
        NotOffered(String message) {
            super(message);
        }
    }

    private final Map<String, TokenSource> kept = new HashMap<>();

    public static void main(String[] arguments) throws IOException {
        var client = new Client();
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            System.out.println(client.answer(line));
        }
        // Netty's event loops are no daemon threads.
        System.exit(0);
    }

    private String answer(String line) throws JsonProcessingException {
        var request = JSON.readValue(line, Request.class);
        return JSON.writeValueAsString(outcome(request));
    }

    private Outcome outcome(Request request) {
        try {
            return tokenSource(request).getToken(request.resource());
        } catch (ExecutionException wrapped) {
            return Outcome.failure(wrapped.getCause());
        } catch (Exception error) {
            return Outcome.failure(error);
        }
    }

    private TokenSource tokenSource(Request request) throws Exception {
        var found = kept.get(request.reuse());
        if (found != null) {
            return found;
        }
        var created = create(request);
        if (request.reuse() != null) {
            kept.put(request.reuse(), created);
        }
        return created;
    }

    private static TokenSource create(Request request) {
        var selector = request.selector();
        return switch (request.client()) {
            case "azure-identity" -> fromCredential(managedIdentityCredential(selector));
            case "default-azure-credential" -> fromCredential(defaultAzureCredential(selector));
            case "msal" -> fromMsal(selector);
            default -> throw new NotOffered("There is no " + request.client() + " for Java");
        };
    }

    private static TokenCredential managedIdentityCredential(Selector selector) {
        var builder = new ManagedIdentityCredentialBuilder();
        switch (selector.by()) {
            case "clientId" -> builder.clientId(selector.value());
            case "objectId" -> builder.objectId(selector.value());
            case "resourceId" -> builder.resourceId(selector.value());
            case "none" -> {}
            default -> throw new NotOffered("ManagedIdentityCredential by " + selector.by());
        }
        return builder.build();
    }

    private static TokenCredential defaultAzureCredential(Selector selector) {
        var builder = new DefaultAzureCredentialBuilder().disableInstanceDiscovery();
        switch (selector.by()) {
            case "none" -> {}
            case "clientId" -> builder.managedIdentityClientId(selector.value());
            case "resourceId" -> builder.managedIdentityResourceId(selector.value());
            default -> throw new NotOffered("DefaultAzureCredential by " + selector.by());
        }
        return builder.build();
    }

    private static TokenSource fromCredential(TokenCredential credential) {
        return resource -> {
            var token = credential.getTokenSync(new TokenRequestContext().addScopes(resource + "/.default"));
            return Outcome.token(token.getToken(), token.getExpiresAt().toEpochSecond());
        };
    }

    private static TokenSource fromMsal(Selector selector) {
        var application = ManagedIdentityApplication.builder(managedIdentityId(selector)).build();
        return resource -> {
            var parameters = ManagedIdentityParameters.builder(resource).build();
            var result = application.acquireTokenForManagedIdentity(parameters).get();
            return Outcome.token(result.accessToken(), result.expiresOnDate().toInstant().getEpochSecond());
        };
    }

    private static ManagedIdentityId managedIdentityId(Selector selector) {
        return switch (selector.by()) {
            case "clientId" -> ManagedIdentityId.userAssignedClientId(selector.value());
            case "objectId" -> ManagedIdentityId.userAssignedObjectId(selector.value());
            case "resourceId" -> ManagedIdentityId.userAssignedResourceId(selector.value());
            case "none" -> ManagedIdentityId.systemAssigned();
            default -> throw new NotOffered("ManagedIdentityApplication by " + selector.by());
        };
    }
}
